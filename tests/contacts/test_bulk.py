"""Many contacts are changed in one transaction, each as a change of its own."""

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts import bulk
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_change, of_new
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Conflict, ServiceError
from tests.support.locks import race

BOOK = "SELECT FROM address_books FOR UPDATE"
STATE = "SELECT id, notes, version, seq, changed_by FROM contacts ORDER BY id"


def noted(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give a contact a note, unless it is called Bea."""
    if row["first_name"] == "Bea":
        return None
    return of_change(row, {"notes": "noted"}, None, is_whole=False)


async def add(contacts: ContactRepository, *names: str) -> list[int]:
    return [(await contacts.create({"first_name": name}))[0]["id"] for name in names]


async def test_each_is_a_change_of_its_own(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    ada, bea, cleo = await add(contacts, "Ada", "Bea", "Cleo")
    before = await pg.fetchval("SELECT seq FROM address_books")

    assert await bulk.rewrite(owner, [cleo, bea, ada], noted, ChangedBy.MERGE) == 2

    rows = {row["id"]: row for row in await pg.fetch(STATE)}
    assert (rows[bea]["notes"], rows[bea]["version"]) == ("", 1)
    for contact_id in (ada, cleo):
        assert tuple(rows[contact_id])[1:3] == ("noted", 2)
        assert rows[contact_id]["changed_by"] == ChangedBy.MERGE
    assert {rows[ada]["seq"], rows[cleo]["seq"]} == {before + 1, before + 2}
    kept = await pg.fetch("SELECT contact_id, version FROM contact_versions ORDER BY contact_id")
    assert [tuple(row) for row in kept] == [(ada, 1), (cleo, 1)]
    assert await contacts.count(ContactFilter("cleo")) == 1


async def test_what_is_gone_or_somebody_elses_is_left_out(
    owner: int, contacts: ContactRepository, foreign: ContactRepository, pg: asyncpg.Connection
) -> None:
    ada, gone = await add(contacts, "Ada", "Gone")
    (other,) = await add(foreign, "Other")
    await contacts.delete(gone)
    assert await bulk.rewrite(owner, [ada, gone, other, 10**9], noted, ChangedBy.API) == 1
    assert await pg.fetchval("SELECT notes FROM contacts WHERE id = $1", other) == ""


async def test_all_or_none_are_changed(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    ids = await add(contacts, "Ada", "Eve")
    before = await pg.fetch(STATE)

    def fails(row: Mapping[str, Any]) -> dict[str, Any] | None:
        columns = noted(row)
        if row["first_name"] == "Eve" and columns is not None:
            columns["favorite"] = None  # which the column does not take
        return columns

    with pytest.raises(Exception, match="favorite"):
        await bulk.rewrite(owner, ids, fails, ChangedBy.API)
    assert await pg.fetch(STATE) == before


async def test_what_others_have_changed_meanwhile_is_not_overwritten(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    (ada,) = await add(contacts, "Ada")
    change = contacts.change(ada, {"nickname": "Countess"})
    rewrite = bulk.rewrite(owner, [ada], noted, ChangedBy.API)
    outcomes = await race(pg, postgres_url, BOOK, change, rewrite)
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    row = await pg.fetchrow("SELECT nickname, notes, version FROM contacts")
    assert tuple(row) == ("Countess", "noted", 3)


async def test_nobody_changes_any_between_the_reading_and_the_writing(
    owner: int, contacts: ContactRepository, postgres_url: str
) -> None:
    (ada,) = await add(contacts, "Ada")

    async def lock() -> None:
        connection = await asyncpg.connect(postgres_url)
        try:
            await connection.execute(f"{BOOK} NOWAIT")
        finally:
            await connection.close()

    def locked(row: Mapping[str, Any]) -> dict[str, Any] | None:
        with ThreadPoolExecutor() as pool, pytest.raises(asyncpg.LockNotAvailableError):
            pool.submit(asyncio.run, lock()).result()
        return noted(row)

    assert await bulk.rewrite(owner, [ada], locked, ChangedBy.API) == 1


async def test_an_account_that_is_gone_is_told(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    (ada,) = await add(contacts, "Ada")
    await pg.execute("DELETE FROM users")
    with pytest.raises(ServiceError):
        await bulk.rewrite(owner, [ada], noted, ChangedBy.API)


async def test_a_version_goes_into_the_trash_and_another_one_stays(
    owner: int, contacts: ContactRepository, foreign: ContactRepository, pg: asyncpg.Connection
) -> None:
    ada, bea, cleo = await add(contacts, "Ada", "Bea", "Cleo")
    (other,) = await add(foreign, "Other")
    await contacts.change(bea, {"notes": "changed"})
    before = await pg.fetchval("SELECT seq FROM address_books WHERE owner_id = $1", owner)

    async with transaction():
        await address_books.lock(owner)
        asked = [(ada, 1), (bea, 1), (cleo, 1), (other, 1), (10**9, 1)]
        gone = await bulk.delete(owner, asked, now())
        assert await bulk.delete(owner, [], now()) == set()

    assert gone == {ada, cleo}
    trash = await pg.fetch("SELECT id, owner_id, seq FROM deleted_contacts ORDER BY id")
    assert [tuple(row) for row in trash] == [(ada, owner, before + 1), (cleo, owner, before + 2)]
    book = await pg.fetchrow("SELECT contacts, seq FROM address_books WHERE owner_id = $1", owner)
    assert tuple(book) == (1, before + 2)


@pytest.mark.parametrize("most", [1, 2, 50])
async def test_ids_come_with_what_is_found_of_them_however_much_is_read(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """One reading may end early, and any may find nothing of some."""
    monkeypatch.setattr(bulk, "BATCH", 3)
    there = {1: "a", 2: "b", 4: "d", 8: "h"}

    async def read(ids: Sequence[int]) -> dict[int, str]:
        assert len(ids) <= 3
        return {key: there[key] for key in [key for key in ids if key in there][:most]}

    parts = [part async for part in bulk.in_parts(list(range(10)), read)]
    assert [key for ids, _ in parts for key in ids] == list(range(10))
    assert {key: value for _, found in parts for key, value in found.items()} == there
    assert all(key in ids for ids, found in parts for key in found)


async def test_those_that_are_added_have_their_ids_in_order(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    moment, uids = now(), ["uid-b", "uid-a"]
    new = [of_new({"first_name": "Ada", "uid": uid}, None) for uid in uids]
    async with address_books.locked(owner):
        assert await address_books.count(owner) == 0
        ids = await bulk.insert(owner, new, 2, moment, ChangedBy.IMPORT)
        assert await address_books.count(owner) == 2

    found = await pg.fetch("SELECT id, uid, version, changed_by, updated_at FROM contacts")
    assert {row["uid"]: row["id"] for row in found} == dict(zip(uids, ids, strict=True))
    assert {tuple(row)[2:] for row in found} == {(1, "import", moment)}
    assert await bulk.ids_of_uids(owner, ["uid-a", "none"]) == {"uid-a": ids[1]}
    assert await bulk.ids_of_uids(owner + 1, ["uid-a"]) == {}
    with pytest.raises(Conflict):
        await bulk.insert(owner, new[:1], 9, moment, ChangedBy.API)


async def test_a_count_that_is_not_known_is_made(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await add(contacts, "Ada", "Bea")
    await pg.execute("UPDATE address_books SET contacts = NULL")
    async with address_books.locked(owner):
        assert await address_books.count(owner) == 2


async def test_rows_come_in_the_order_of_ids_as_this_release_has_them(
    owner: int, contacts: ContactRepository, foreign: ContactRepository, pg: asyncpg.Connection
) -> None:
    ada, bea = await add(contacts, "Ada", "Bea")
    (other,) = await add(foreign, "Other")
    await pg.execute("UPDATE contacts SET email = 'a@example.com', version = 2 WHERE id = $1", ada)
    found = await bulk.rows(owner, [bea, other, ada])
    assert list(found) == [ada, bea]
    assert found[ada]["details"]["emails"] == [
        {"value": "a@example.com", "type": None, "label": ""}
    ]
