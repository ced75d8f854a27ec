"""One contact: made, read, replaced, changed and deleted."""

import asyncio
from typing import Any

import pytest
from yarl import URL

from contactsvc.contacts.schemas.answers import ContactAnswer
from tests.accounts.users.test_views import TIME
from tests.conftest import Person, pointers, problem
from tests.support.over_http import ADA

BARE: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "",
    "email": None,
    "phone": None,
    "birthday": None,
    "notes": "",
}
"""What a client writes that knows one e-mail and one phone."""
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
ONE = "/api/contacts/1"


def fields(contact: dict[str, Any]) -> dict[str, Any]:
    """Return what such a client writes of a contact."""
    return {name: contact[name] for name in BARE}


async def test_creating(grace: Person) -> None:
    response = await grace.post("/api/contacts/", json=ADA)

    assert response.status == 201
    contact = await response.json()
    assert contact.keys() == ContactAnswer().fields.keys()
    assert contact["display_name"] == "Ada Lovelace"
    assert contact["book_id"] == 1
    assert len(contact["uid"]) == 36
    assert fields(contact) == ADA
    assert TIME.fullmatch(contact["created_at"])
    assert contact["updated_at"] == contact["created_at"]
    location = response.headers["Location"]
    assert location == f"https://contacts.example.com/api/contacts/{contact['id']}"
    found = await grace.get(URL(location).path)
    assert found.status == 200
    assert await found.json() == contact
    assert found.headers["ETag"] == response.headers["ETag"]


async def test_only_a_first_name_is_needed(grace: Person) -> None:
    assert fields(await grace.add_contact()) == BARE


async def test_nothing_but_id_and_uid_is_unique(grace: Person) -> None:
    first, second = await grace.add_contact(**ADA), await grace.add_contact(**ADA)

    assert first["id"] != second["id"]
    assert first["uid"] != second["uid"]


async def test_what_the_service_decides_is_not_for_clients_to_say(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for field in ["id", "owner_id", "version", "search_key", "seq", "details", "photo"]:
        with subtests.test(field=field):
            responses = [
                await ada.put(ONE, json=ADA | {field: 2}),
                await ada.patch(ONE, json={field: 2}),
            ]
            if field != "id":
                responses.append(await ada.post("/api/contacts/", json=ADA | {field: 2}))
            for response in responses:
                assert await pointers(response) == {f"/{field}"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_what_was_read_can_be_sent_back(ada: Person, method: str) -> None:
    read = await (await ada.get(ONE)).json()

    response = await ada.request(method, ONE, json=read | {"notes": "", "created_at": "long ago"})

    assert response.status == 200, await response.text()
    written = await response.json()
    assert written == read | {"notes": "", "updated_at": written["updated_at"]}
    other = await ada.request(method, "/api/contacts/2", json=read)
    assert await pointers(other) == {"/id"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_change_that_changes_nothing_keeps_the_etag(ada: Person, method: str) -> None:
    before = await ada.get(ONE)
    contact = await before.json()

    for body in (contact, ADA, *[{}] * (method == "PATCH")):
        response = await ada.request(method, ONE, json=body)
        assert (response.status, response.headers["ETag"]) == (200, before.headers["ETag"])
        assert await response.json() == contact
    assert (await ada.get(ONE)).headers["ETag"] == before.headers["ETag"]


async def test_reading(ada: Person) -> None:
    response = await ada.get(ONE)

    assert response.status == 200
    assert fields(await response.json()) == ADA
    assert response.headers["Cache-Control"] == "private, no-cache"


async def test_replacing_gives_missing_fields_their_default(ada: Person) -> None:
    before = await (await ada.get(ONE)).json()

    response = await ada.put(ONE, json={"first_name": "Augusta"})

    assert response.status == 200
    after = await response.json()
    assert fields(after) == BARE | {"first_name": "Augusta"}
    assert (after["id"], after["created_at"]) == (before["id"], before["created_at"])
    assert after["updated_at"] > before["updated_at"]
    assert await (await ada.get(ONE)).json() == after


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/merge-patch+json", "application/JSON; charset=utf-8"],
)
async def test_a_patch_changes_what_it_names(ada: Person, content_type: str) -> None:
    before = await (await ada.get(ONE)).json()
    patch = b'{"last_name": "King", "phone": null}'

    response = await ada.patch(ONE, data=patch, headers={"Content-Type": content_type})

    assert response.status == 200
    after = await response.json()
    assert fields(after) == ADA | {"last_name": "King", "phone": None}
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]
    again = await ada.get(ONE)
    assert await again.json() == after
    assert again.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize("field", ["last_name", "email", "phone", "birthday", "notes"])
async def test_null_clears(ada: Person, field: str) -> None:
    response = await ada.patch(ONE, data=f'{{"{field}": null}}', headers=MERGE_PATCH)

    assert response.status == 200
    assert fields(await response.json()) == ADA | {field: BARE[field]}


async def test_an_empty_patch_changes_no_field(ada: Person) -> None:
    response = await ada.patch(ONE, data="{}", headers=MERGE_PATCH)

    assert response.status == 200
    assert fields(await response.json()) == ADA


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_merge_patch_is_for_patch_alone(ada: Person, method: str) -> None:
    path = "/api/contacts/" if method == "POST" else ONE

    response = await ada.request(method, path, data=b'{"first_name": "A"}', headers=MERGE_PATCH)

    await problem(response, 415, "unsupported_media_type")


async def test_deleting(ada: Person) -> None:
    response = await ada.delete(ONE)

    assert response.status == 204
    assert await response.read() == b""
    await problem(await ada.get(ONE), 404, "not_found")
    await problem(await ada.delete(ONE), 404, "not_found")
    await problem(await ada.put(ONE, json=ADA), 404, "not_found")
    await problem(await ada.patch(ONE, json={}), 404, "not_found")


async def test_of_many_deletions_at_once_one_succeeds(ada: Person) -> None:
    answers = await asyncio.gather(*(ada.delete(ONE) for _ in range(10)))

    assert sorted(answer.status for answer in answers) == [204] + [404] * 9
