"""Whoever keeps a copy is told everything first, and then what has changed."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import MakePerson, Person, pointers, problem
from tests.contacts.changes.support import PATH, Copy, changes, listed

CONTACTS = "/api/contacts/"
TRASH = "/api/contacts/trash"
SIZES = pytest.mark.parametrize("limit", [1, 2, 3, 1000])


async def add(person: Person, count: int) -> list[int]:
    return [(await person.add_contact(first_name=f"{n}"))["id"] for n in range(count)]


async def change(person: Person, contact_id: int, notes: str = "changed") -> None:
    response = await person.patch(f"{CONTACTS}{contact_id}", json={"notes": notes})
    assert response.status == 200


async def delete(person: Person, contact_id: int) -> None:
    assert (await person.delete(f"{CONTACTS}{contact_id}")).status == 204


async def restore(person: Person, contact_id: int) -> None:
    assert (await person.post(f"{TRASH}/{contact_id}/restore")).status == 200


async def test_an_empty_book_has_a_cursor(grace: Person) -> None:
    part = await changes(grace)
    assert (part["items"], part["has_more"]) == ([], False)

    contact = await grace.add_contact()
    part = await changes(grace, part["next_cursor"])
    assert part["items"] == [{"id": contact["id"], "contact": contact}]
    part = await changes(grace, part["next_cursor"])
    assert (part["items"], part["has_more"]) == ([], False)


@SIZES
async def test_without_a_cursor_it_tells_all_contacts(grace: Person, limit: int) -> None:
    ids = await add(grace, 5)
    await delete(grace, ids.pop(1))
    copy = Copy(grace, limit)
    assert await copy.follow() == ids
    assert copy.contacts == await listed(grace)
    assert await copy.follow() == []


@SIZES
async def test_with_a_cursor_it_tells_what_has_changed_since(grace: Person, limit: int) -> None:
    ids = await add(grace, 5)
    copy = Copy(grace, limit)
    await copy.follow()
    await change(grace, ids[3])
    await delete(grace, ids[0])
    new = await grace.add_contact()

    assert await copy.follow() == [ids[3], ids[0], new["id"]]
    assert copy.contacts == await listed(grace)
    assert await copy.follow() == []


async def test_a_deleted_contact_is_told_by_id_and_uid(grace: Person) -> None:
    contact = await grace.add_contact(uid="urn:uuid:ada")
    cursor = (await changes(grace))["next_cursor"]
    await delete(grace, contact["id"])
    told = [{"id": contact["id"], "uid": "urn:uuid:ada", "deleted": True}]
    assert (await changes(grace, cursor))["items"] == told
    await grace.delete(TRASH)  # for good, and still told
    assert (await changes(grace, cursor))["items"] == told


@SIZES
async def test_each_is_told_once_whatever_has_happened_to_it(grace: Person, limit: int) -> None:
    often, back, gone, came = ids = await add(grace, 4)
    copy = Copy(grace, limit)
    await copy.follow()
    for number in range(3):
        await change(grace, often, f"{number}")
        await delete(grace, back)
        await restore(grace, back)
        await change(grace, back, f"{number}")
    await change(grace, gone)
    await delete(grace, gone)
    await delete(grace, came)
    await restore(grace, came)

    assert await copy.follow() == [often, back, gone, came]
    assert copy.contacts == await listed(grace)
    assert copy.contacts.keys() == {*ids} - {gone}


async def test_a_change_that_changes_nothing_is_not_told(grace: Person) -> None:
    [contact_id] = await add(grace, 1)
    copy = Copy(grace)
    await copy.follow()
    await change(grace, contact_id, "")
    assert await copy.follow() == []


async def test_what_was_deleted_before_the_beginning_is_never_told(grace: Person) -> None:
    ids = await add(grace, 6)
    await delete(grace, ids[5])
    copy = Copy(grace, limit=2)
    assert [item["id"] for item in (await copy.page())[0]] == ids[:2]
    for contact_id in (ids[0], ids[4]):  # one that was told, and one that was not yet
        await delete(grace, contact_id)
    assert await copy.follow() == [ids[2], ids[3], ids[0], ids[4]]
    assert copy.contacts == await listed(grace)


async def test_nothing_is_skipped_while_the_beginning_is_read(grace: Person) -> None:
    ids = await add(grace, 6)
    copy = Copy(grace, limit=2)
    await copy.page()
    await change(grace, ids[0])
    await change(grace, ids[5])
    assert await copy.follow() == [ids[2], ids[3], ids[4], ids[0], ids[5]]
    assert copy.contacts == await listed(grace)


@SIZES
async def test_contacts_from_before_there_were_numbers_come_first(
    grace: Person, pg: asyncpg.Connection, limit: int
) -> None:
    ids = await add(grace, 5)
    await pg.execute("UPDATE contacts SET seq = 0; UPDATE address_books SET seq = 0")
    await change(grace, ids[2])
    assert await Copy(grace, limit).follow() == [ids[0], ids[1], ids[3], ids[4], ids[2]]
    await pg.execute("UPDATE contacts SET seq = 0; DELETE FROM address_books")
    assert await Copy(grace, limit).follow() == ids


async def test_what_shares_a_number_is_told_across_pages(
    grace: Person, pg: asyncpg.Connection
) -> None:
    """A batch of changes takes one number, and a page may end inside of it."""
    ids = await add(grace, 8)
    copies = [Copy(grace, limit) for limit in (1, 2, 3, 5)]
    for copy in copies:
        await copy.follow()
    for contact_id in ids[::2]:
        await delete(grace, contact_id)
    await pg.execute(
        "UPDATE address_books SET seq = 100; UPDATE contacts SET seq = 100;"
        " UPDATE deleted_contacts SET seq = 100"
    )
    for copy in copies:
        assert await copy.follow() == ids
        assert copy.contacts == await listed(grace)
        assert await copy.follow() == []


async def expired(person: Person, cursor: str | None) -> bool:
    response = await person.get(PATH, params={"cursor": cursor or ""})
    if response.status == 410:
        await problem(response, 410, "cursor_expired")
        return True
    assert response.status == 200
    return False


async def forget(pg: asyncpg.Connection, seq: int) -> None:
    """Let deletions up to a number be forgotten."""
    await pg.execute("DELETE FROM deleted_contacts WHERE seq <= $1", seq)
    await pg.execute("UPDATE address_books SET oldest_seq = $1", seq)


async def test_a_cursor_expires_where_a_deletion_after_it_is_forgotten(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ids = await add(grace, 3)  # 1 to 3
    old = (await changes(grace))["next_cursor"]
    await delete(grace, ids[0])  # 4
    told = (await changes(grace, old))["next_cursor"]
    await change(grace, ids[1])  # 5
    begun = (await changes(grace, limit=1))["next_cursor"]
    assert not await expired(grace, old)
    await forget(pg, 4)
    assert await expired(grace, old)
    assert not await expired(grace, told), "it knows of that deletion"
    assert not await expired(grace, begun), "it never had that contact"
    assert await Copy(grace, cursor=begun).follow() == [ids[1]]
    await forget(pg, 6)
    assert await expired(grace, begun)
    assert await Copy(grace).follow() == [ids[2], ids[1]], "who begins anew gets all"


async def test_a_cursor_inside_a_number_expires_with_the_rest_of_it(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ids = await add(grace, 3)
    copy = Copy(grace, limit=2)
    await copy.follow()
    for contact_id in ids:
        await delete(grace, contact_id)
    shared = "UPDATE deleted_contacts SET seq = 6"
    await pg.execute(shared)
    await copy.page()
    inside = copy.cursor
    await copy.page()
    await forget(pg, 6)
    assert await expired(grace, inside)
    assert not await expired(grace, copy.cursor)


async def test_a_book_out_of_a_backup_makes_newer_cursors_expire(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ids = await add(grace, 3)
    cursors = [(await changes(grace, limit=limit))["next_cursor"] for limit in (1, 3)]
    await pg.execute("DELETE FROM contacts WHERE id = $1", ids[2])
    await pg.execute("UPDATE address_books SET seq = 2")
    assert [await expired(grace, cursor) for cursor in cursors] == [True, True]
    assert await Copy(grace).follow() == ids[:2]


async def test_limits_that_do_not_fit(grace: Person) -> None:
    for limit in ("0", "1001", "-1", "1.5", "", "many"):
        assert await pointers(await grace.get(PATH, params={"limit": limit})) == {"/limit"}


@pytest.mark.slow
async def test_a_page_has_200_by_default_and_1000_at_the_most(grace: Person) -> None:
    await asyncio.gather(*(grace.add_contact() for _ in range(201)))
    part = await changes(grace)
    assert (len(part["items"]), part["has_more"]) == (200, True)
    part = await changes(grace, limit=1000)
    assert (len(part["items"]), part["has_more"]) == (201, False)


async def refused(person: Person, cursor: str, **params: Any) -> None:
    response = await person.get(PATH, params={"cursor": cursor, **params})
    assert await pointers(response) == {"/cursor"}, cursor


async def test_cursors_that_were_not_made_for_it(grace: Person, make_person: MakePerson) -> None:
    await add(grace, 2)
    genuine = (await changes(grace, limit=1))["next_cursor"]
    other = await (await grace.get(CONTACTS, params={"limit": 1})).json()
    for cursor in (genuine[:-4], genuine + "AAAA", "x", "", "WzAsMCwwXQ", other["next_cursor"]):
        await refused(grace, cursor)
    await refused(await make_person("bob@example.com"), genuine)
    assert (await grace.get(CONTACTS, params={"limit": 1, "cursor": genuine})).status == 422
