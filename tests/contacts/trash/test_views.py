"""What was deleted can be had back, until it is gone for good."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.conftest import MakeClient, MakePerson, Person, problem
from tests.support.photos import add_photo

CONTACTS = "/api/contacts/"
TRASH = "/api/contacts/trash"
FULL = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "emails": [{"value": "ada@example.com", "type": "work", "label": "Office"}],
    "phones": [{"value": "+44 20 7946 0958", "type": "mobile"}],
    "birthday": "1815-12-10",
    "tags": ["friends"],
    "favorite": True,
}


async def deleted(person: Person, **fields: Any) -> dict[str, Any]:
    """Add a contact, delete it, and return it as it was."""
    contact = await person.add_contact(**fields)
    assert (await person.delete(f"{CONTACTS}{contact['id']}")).status == 204
    return contact


async def trash(person: Person, **params: Any) -> dict[str, Any]:
    response = await person.get(TRASH, params=params)
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    return body


async def restore(person: Person, contact_id: int) -> dict[str, Any]:
    response = await person.post(f"{TRASH}/{contact_id}/restore")
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    return body


async def names(person: Person) -> list[str]:
    """Return the first names in the trash."""
    return [item["first_name"] for item in (await trash(person))["items"]]


async def test_what_was_deleted_is_shown_as_it_was(grace: Person) -> None:
    contact = await deleted(grace, **FULL)

    [item] = (await trash(grace))["items"]

    ago = datetime.now(UTC) - datetime.fromisoformat(item.pop("deleted_at"))
    assert timedelta(0) <= ago < timedelta(hours=1)
    assert item == contact


async def test_pages_of_the_trash_begin_with_the_last_deleted(grace: Person) -> None:
    for name in "ABCDE":
        await deleted(grace, first_name=name)
    await grace.add_contact(first_name="There")

    seen, params = [], {"limit": 2}
    part = await trash(grace, **params)
    while part["next_cursor"] is not None:
        seen.append([item["first_name"] for item in part["items"]])
        part = await trash(grace, **params, cursor=part["next_cursor"])
    seen.append([item["first_name"] for item in part["items"]])

    assert seen == [["E", "D"], ["C", "B"], ["A"]]


async def test_a_contact_comes_back_with_its_id_and_uid(grace: Person) -> None:
    contact = await deleted(grace, **FULL, uid="urn:uuid:ada")
    path = f"{CONTACTS}{contact['id']}"

    response = await grace.post(f"{TRASH}/{contact['id']}/restore")

    body = await response.json()
    assert body["updated_at"] > contact["updated_at"]
    assert body | {"updated_at": contact["updated_at"]} == contact
    again = await grace.get(path)
    assert await again.json() == body
    assert again.headers["ETag"] == response.headers["ETag"]
    assert (await trash(grace))["items"] == []
    for params in ({"q": "020 7946"}, {"tag": "FRIENDS"}, {"email": "ada@"}):
        found = await (await grace.get(CONTACTS, params=params)).json()
        assert found["items"] == [body], params


async def test_no_etag_from_before_the_deletion_fits_after_it(grace: Person) -> None:
    contact = await grace.add_contact()
    path = f"{CONTACTS}{contact['id']}"
    etags = [(await grace.get(path)).headers["ETag"]]
    changed = await grace.patch(path, json={"notes": "changed"})
    etags.append(changed.headers["ETag"])
    await grace.delete(path)

    await restore(grace, contact["id"])

    for etag in etags:
        refused = await grace.patch(path, json={"notes": "mine"}, headers={"If-Match": etag})
        await problem(refused, 412, "precondition_failed")
        assert (await grace.get(path, headers={"If-None-Match": etag})).status == 200


async def test_what_is_there_or_nowhere_cannot_be_restored_or_deleted_for_good(
    grace: Person,
) -> None:
    there = (await grace.add_contact())["id"]
    for contact_id in (there, 999_999, 2**63 - 1):
        await problem(await grace.post(f"{TRASH}/{contact_id}/restore"), 404, "not_found")
        await problem(await grace.delete(f"{TRASH}/{contact_id}"), 404, "not_found")
    assert (await grace.get(f"{CONTACTS}{there}")).status == 200


async def test_a_contact_can_be_deleted_and_restored_again_and_again(grace: Person) -> None:
    contact = await grace.add_contact()
    for version in (2, 3):
        assert (await grace.delete(f"{CONTACTS}{contact['id']}")).status == 204
        await restore(grace, contact["id"])
        etag = (await grace.get(f"{CONTACTS}{contact['id']}")).headers["ETag"]
        assert etag == f'"{version}"'
    await problem(await grace.post(f"{TRASH}/{contact['id']}/restore"), 404, "not_found")


async def test_of_many_who_restore_at_once_one_does(grace: Person) -> None:
    contact = await deleted(grace)
    path = f"{TRASH}/{contact['id']}/restore"
    answers = await asyncio.gather(*(grace.post(path) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [200] + [404] * 5


async def test_what_is_restored_counts_towards_the_quota(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    grace = await make_person(client=await make_client(max_contacts=3))
    first, second = [await deleted(grace) for _ in range(2)]
    for _ in range(2):
        await grace.add_contact()
    await restore(grace, first["id"])

    refused = await grace.post(f"{TRASH}/{second['id']}/restore")
    await problem(refused, 409, "quota_exceeded")
    added = await grace.post(CONTACTS, json={"first_name": "One more"})
    await problem(added, 409, "quota_exceeded")

    await grace.delete(f"{CONTACTS}{first['id']}")
    await restore(grace, second["id"])


async def test_a_book_that_nobody_has_counted_is_counted_first(
    grace: Person, pg: asyncpg.Connection
) -> None:
    await grace.add_contact()
    contact = await deleted(grace)
    await pg.execute("UPDATE address_books SET contacts = NULL")
    await restore(grace, contact["id"])
    assert await pg.fetchval("SELECT contacts FROM address_books") == 2


async def test_a_uid_that_another_has_got_meanwhile(grace: Person) -> None:
    contact = await deleted(grace, uid="one")
    other = await grace.add_contact(uid="one")

    refused = await grace.post(f"{TRASH}/{contact['id']}/restore")

    assert "uid" in (await problem(refused, 409, "conflict"))["detail"]
    assert await names(grace) == ["Ada"]
    await grace.delete(f"{CONTACTS}{other['id']}")
    assert (await restore(grace, contact["id"]))["uid"] == "one"


async def test_a_photo_is_hidden_in_the_trash_and_comes_back(
    grace: Person, pg: asyncpg.Connection
) -> None:
    contact = await grace.add_contact()
    await add_photo(pg, contact["id"])
    url = (await (await grace.get(f"{CONTACTS}{contact['id']}")).json())["photo_url"]
    assert url is not None
    await grace.delete(f"{CONTACTS}{contact['id']}")
    assert [item["photo_url"] for item in (await trash(grace))["items"]] == [None]

    assert (await restore(grace, contact["id"]))["photo_url"] == url


LEFT = (
    "SELECT (SELECT count(*) FROM contact_photos), (SELECT count(*) FROM contact_versions),"
    " count(contact), count(*), count(nullif(uid, '')) FROM deleted_contacts"
)


@pytest.mark.parametrize("path", [TRASH, f"{TRASH}/1"])
async def test_what_is_deleted_for_good_leaves_a_tombstone_alone(
    grace: Person, pg: asyncpg.Connection, path: str
) -> None:
    contact = await grace.add_contact()
    assert contact["id"] == 1
    await grace.patch(f"{CONTACTS}1", json={"notes": "changed"})
    await add_photo(pg, 1)
    await grace.delete(f"{CONTACTS}1")
    assert tuple(await pg.fetchrow(LEFT)) == (1, 1, 1, 1, 1)

    assert (await grace.delete(path)).status == 204

    assert tuple(await pg.fetchrow(LEFT)) == (0, 0, 0, 1, 1)
    assert (await trash(grace))["items"] == []
    await problem(await grace.post(f"{TRASH}/1/restore"), 404, "not_found")
    await problem(await grace.delete(f"{TRASH}/1"), 404, "not_found")


async def test_the_trash_is_emptied_and_stays_so(grace: Person) -> None:
    for name in "ABC":
        await deleted(grace, first_name=name)
    kept = await grace.add_contact()
    for _ in range(2):
        assert (await grace.delete(TRASH)).status == 204
        assert await names(grace) == []
    assert (await grace.get(f"{CONTACTS}{kept['id']}")).status == 200
    await deleted(grace, first_name="D")
    assert await names(grace) == ["D"]


async def test_one_alone_is_deleted_for_good(grace: Person) -> None:
    contacts = [await deleted(grace, first_name=name) for name in "ABC"]
    assert (await grace.delete(f"{TRASH}/{contacts[1]['id']}")).status == 204
    assert await names(grace) == ["C", "A"]


OF_OLDER_RELEASE = """
UPDATE contacts SET details = NULL, uid = NULL, display_name = '', derived_version = NULL,
phone = '+442079460958', phone_value = '020 7946 0958', email = 'ada@example.com'
"""


async def test_a_contact_of_an_older_release_is_restored_as_one_of_this(
    grace: Person, pg: asyncpg.Connection
) -> None:
    contact_id = (await grace.add_contact(first_name="Ada"))["id"]
    await pg.execute(OF_OLDER_RELEASE)
    before = await (await grace.get(f"{CONTACTS}{contact_id}")).json()
    await grace.delete(f"{CONTACTS}{contact_id}")

    [item] = (await trash(grace))["items"]
    restored = await restore(grace, contact_id)

    del item["deleted_at"]
    assert item == before
    assert restored | {"updated_at": before["updated_at"]} == before
    assert before["phones"][0]["e164"] == "+442079460958"
    row = await pg.fetchrow(
        "SELECT version, derived_version, phone_value, display_name FROM contacts"
    )
    assert tuple(row) == (2, 2, None, "Ada")
