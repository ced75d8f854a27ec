"""What a contact was before each change can be seen, and had back."""

import asyncio
from datetime import datetime
from typing import Any

import asyncpg
import pytest

from tests.conftest import Person, pointers, problem
from tests.contacts.trash.test_views import FULL, OF_OLDER_RELEASE
from tests.support.photos import add_photo

CONTACTS = "/api/contacts/"


async def versions(person: Person, contact_id: int, **params: Any) -> list[dict[str, Any]]:
    """Return all versions, page by page."""
    items: list[dict[str, Any]] = []
    while True:
        response = await person.get(f"{CONTACTS}{contact_id}/versions", params=params)
        assert response.status == 200, await response.text()
        part = await response.json()
        items += part["items"]
        if part["next_cursor"] is None:
            return items
        params["cursor"] = part["next_cursor"]


async def change(person: Person, contact_id: int, **fields: Any) -> dict[str, Any]:
    response = await person.patch(f"{CONTACTS}{contact_id}", json=fields)
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    return body


async def restore(person: Person, contact_id: int, version: int, **headers: str) -> Any:
    return await person.post(f"{CONTACTS}{contact_id}/versions/{version}/restore", headers=headers)


async def test_a_new_contact_has_none(grace: Person) -> None:
    assert await versions(grace, (await grace.add_contact())["id"]) == []


async def test_each_change_leaves_what_was_before(grace: Person) -> None:
    first = await grace.add_contact(**FULL)
    second = await change(grace, first["id"], emails=[], tags=[], favorite=False)
    await change(grace, first["id"], last_name="King", birthday=None)

    assert await versions(grace, first["id"]) == [
        {"version": 2, "at": second["updated_at"], "by": "api", "contact": second},
        {"version": 1, "at": first["updated_at"], "by": "api", "contact": first},
    ]


@pytest.mark.parametrize("limit", [1, 7, 200])
async def test_the_last_twenty_are_kept(grace: Person, limit: int) -> None:
    contact_id = (await grace.add_contact())["id"]
    for number in range(2, 27):
        await change(grace, contact_id, notes=f"version {number}")
    found = await versions(grace, contact_id, limit=limit)
    assert [item["version"] for item in found] == list(range(25, 5, -1))
    assert [item["contact"]["notes"] for item in found][-1] == "version 6"


async def test_what_was_replaced_long_ago_is_not_told(
    grace: Person, pg: asyncpg.Connection
) -> None:
    contact_id = (await grace.add_contact())["id"]
    for days in (91, 89):
        await change(grace, contact_id, notes=f"{days}")
        await pg.execute(
            "UPDATE contact_versions SET replaced_at = now() - make_interval(days => $1)"
            " WHERE version = (SELECT max(version) FROM contact_versions)",
            days,
        )
    assert [item["version"] for item in await versions(grace, contact_id)] == [2]
    await problem(await restore(grace, contact_id, 1), 404, "not_found")


async def test_a_version_is_restored_as_a_new_one(grace: Person) -> None:
    first = await grace.add_contact(**FULL)
    second = await change(grace, first["id"], phones=[], last_name="King", tags=["foes"])

    response = await restore(grace, first["id"], 1)

    body = await response.json()
    assert (response.status, response.headers["ETag"]) == (200, '"3"')
    assert datetime.fromisoformat(body["updated_at"]) > datetime.fromisoformat(second["updated_at"])
    assert body | {"updated_at": first["updated_at"]} == first
    assert await (await grace.get(f"{CONTACTS}{first['id']}")).json() == body
    assert [item["contact"] for item in await versions(grace, first["id"])] == [second, first]
    for params, count in (({"q": "020 7946"}, 1), ({"tag": "friends"}, 1), ({"q": "king"}, 0)):
        found = await (await grace.get(CONTACTS, params=params)).json()
        assert len(found["items"]) == count, params


async def test_what_differs_in_nothing_keeps_the_etag(grace: Person) -> None:
    contact_id = (await grace.add_contact(**FULL))["id"]
    await change(grace, contact_id, notes="changed")
    await change(grace, contact_id, notes="")

    response = await restore(grace, contact_id, 1)

    assert (response.status, response.headers["ETag"]) == (200, '"3"')
    assert len(await versions(grace, contact_id)) == 2


async def test_the_precondition_is_that_of_a_change(grace: Person) -> None:
    contact_id = (await grace.add_contact(notes="first"))["id"]
    await change(grace, contact_id, notes="second")
    for headers in ({"If-Match": '"1"'}, {"If-None-Match": '"2"'}, {"If-None-Match": "*"}):
        refused = await restore(grace, contact_id, 1, **headers)
        await problem(refused, 412, "precondition_failed")
    assert len(await versions(grace, contact_id)) == 1
    assert (await restore(grace, contact_id, 1, **{"If-Match": '"2"'})).status == 200


async def test_of_many_who_restore_at_one_etag_one_does(grace: Person) -> None:
    contact_id = (await grace.add_contact(notes="first"))["id"]
    await change(grace, contact_id, notes="second")
    tries = [restore(grace, contact_id, 1, **{"If-Match": '"2"'}) for _ in range(6)]
    assert sorted(answer.status for answer in await asyncio.gather(*tries)) == [200] + [412] * 5


async def test_the_photo_stays_as_it_is(grace: Person, pg: asyncpg.Connection) -> None:
    first = await grace.add_contact(notes="first")
    assert first["photo_url"] is None
    await change(grace, first["id"], notes="second")
    await add_photo(pg, first["id"])
    photo_url = (await (await grace.get(f"{CONTACTS}{first['id']}")).json())["photo_url"]
    assert photo_url is not None

    [item] = await versions(grace, first["id"])
    restored = await (await restore(grace, first["id"], 1)).json()

    assert item["contact"] == first | {"photo_url": photo_url}
    assert (restored["notes"], restored["photo_url"]) == ("first", photo_url)


async def test_what_is_not_there_has_no_versions(grace: Person) -> None:
    contact_id = (await grace.add_contact())["id"]
    await change(grace, contact_id, notes="changed")
    for missing in (2, 3, 2**31 - 1, 2**31, 2**63 - 1):
        await problem(await restore(grace, contact_id, missing), 404, "not_found")
    await grace.delete(f"{CONTACTS}{contact_id}")
    for other in (contact_id, 999_999):
        await problem(await grace.get(f"{CONTACTS}{other}/versions"), 404, "not_found")
        await problem(await restore(grace, other, 1), 404, "not_found")
    await grace.post(f"{CONTACTS}trash/{contact_id}/restore")
    assert [item["version"] for item in await versions(grace, contact_id)] == [1]


async def test_numbers_that_no_version_has(grace: Person) -> None:
    contact_id = (await grace.add_contact())["id"]
    for version in ("0", "-1", "9" * 30, "x", "1.5"):
        response = await grace.post(f"{CONTACTS}{contact_id}/versions/{version}/restore")
        assert await pointers(response) == {"/version"}, version


async def test_a_version_of_an_older_release(grace: Person, pg: asyncpg.Connection) -> None:
    contact_id = (await grace.add_contact(first_name="Ada"))["id"]
    await pg.execute(OF_OLDER_RELEASE)
    before = await (await grace.get(f"{CONTACTS}{contact_id}")).json()
    await change(grace, contact_id, phones=[], last_name="King")

    [item] = await versions(grace, contact_id)
    assert item["contact"] == before

    restored = await (await restore(grace, contact_id, 1)).json()
    assert restored | {"updated_at": before["updated_at"]} == before
