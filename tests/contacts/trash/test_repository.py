"""What has had its time is forgotten, owner by owner, and the book remembers how far."""

import asyncio
from datetime import timedelta
from unittest.mock import ANY

import asyncpg
import pytest

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.trash import repository as trash
from contactsvc.contacts.trash.repository import TrashRepository
from contactsvc.platform.clock import now
from contactsvc.platform.errors import NotFound, QuotaExceeded, Unauthenticated
from contactsvc.platform.settings.lifetimes import TOMBSTONE_TTL
from tests.support.locks import race

BOOK = "SELECT FROM address_books FOR UPDATE"
DAY = timedelta(days=1)
AGE = "UPDATE deleted_contacts SET deleted_at = deleted_at - $1::interval WHERE id = ANY($2)"


@pytest.fixture
def batch(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many rows a statement takes, as few that there are several of them."""
    few = 2
    for name in ("_SNAPSHOTS_DUE", "_TOMBSTONES_DUE"):
        monkeypatch.setattr(trash, name, getattr(trash, name).replace("LIMIT 1000", f"LIMIT {few}"))
    monkeypatch.setattr(trash, "BATCH", few)
    return few


async def add_deleted(contacts: ContactRepository, count: int) -> list[int]:
    ids = [(await contacts.create({"first_name": f"{n}"}))[0]["id"] for n in range(count)]
    for contact_id in ids:
        await contacts.delete(contact_id)
    return ids


async def left(pg: asyncpg.Connection) -> dict[int, bool]:
    """Return of each tombstone whether its contact can be restored."""
    rows = await pg.fetch("SELECT id, contact IS NOT NULL FROM deleted_contacts")
    return dict(map(tuple, rows))


async def test_what_was_deleted_long_ago_is_forgotten_some_at_a_time(
    contacts: ContactRepository, foreign: ContactRepository, pg: asyncpg.Connection, batch: int
) -> None:
    ids = await add_deleted(contacts, 4)
    others = await add_deleted(foreign, 2)
    await pg.execute(AGE, 2 * DAY, [*ids[1:], others[1]])
    counts = [await trash.purge(now() - DAY) for _ in range(3)]
    assert counts == [batch, batch, 0]
    assert await left(pg) == {ids[0]: True, others[0]: True} | dict.fromkeys(
        (*ids[1:], others[1]), False
    )


async def test_tombstones_go_later_and_raise_the_number_of_their_own_book(
    contacts: ContactRepository, foreign: ContactRepository, pg: asyncpg.Connection, batch: int
) -> None:
    ids = await add_deleted(contacts, 4)  # 5 to 8
    others = await add_deleted(foreign, 2)  # 3 and 4
    old = timedelta(seconds=TOMBSTONE_TTL) + DAY
    await pg.execute(AGE, old, ids[:3])
    await pg.execute("UPDATE deleted_contacts SET contact = NULL WHERE id = ANY($1)", ids[1:])
    await pg.execute(AGE, old - 2 * DAY, [ids[3], *others])

    counts = [await trash.purge_tombstones(now()) for _ in range(2)]

    assert counts == [batch, 0]
    assert (await left(pg)).keys() == {ids[0], ids[3], *others}, "one can still be restored"
    numbers = await pg.fetch("SELECT seq, oldest_seq FROM address_books ORDER BY owner_id")
    assert [tuple(row) for row in numbers] == [(8, 7), (4, 0)]


async def test_the_number_is_never_lowered(
    contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    ids = await add_deleted(contacts, 2)
    await pg.execute("UPDATE deleted_contacts SET contact = NULL")
    for contact_id in reversed(ids):
        await pg.execute(AGE, timedelta(seconds=TOMBSTONE_TTL) + DAY, [contact_id])
        assert await trash.purge_tombstones(now()) == 1
        assert await pg.fetchval("SELECT oldest_seq FROM address_books") == 4


async def test_a_tombstone_that_is_a_new_one_meanwhile_stays(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    [contact_id] = await add_deleted(contacts, 1)
    await pg.execute(AGE, timedelta(seconds=TOMBSTONE_TTL) + DAY, [contact_id])
    await pg.execute("UPDATE deleted_contacts SET contact = NULL")
    again = f"{BOOK}; UPDATE deleted_contacts SET deleted_at = now(), seq = 9"
    assert await race(pg, postgres_url, again, trash.purge_tombstones(now())) == [0]
    assert await pg.fetchval("SELECT oldest_seq FROM address_books") == 0


async def test_what_is_restored_meanwhile_is_not_forgotten(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    [contact_id] = await add_deleted(contacts, 1)
    bin_ = TrashRepository(owner)
    outcomes = await race(
        pg, postgres_url, BOOK, bin_.restore(contact_id), bin_.forget(contact_id), bin_.empty()
    )
    assert await left(pg) == {} or isinstance(outcomes[0], NotFound), outcomes
    there = await pg.fetchval("SELECT count(*) FROM contacts")
    assert there == (not isinstance(outcomes[0], NotFound))


async def test_of_those_who_restore_at_once_one_does(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    [contact_id] = await add_deleted(contacts, 1)
    tries = [TrashRepository(owner).restore(contact_id) for _ in range(3)]
    outcomes = await race(pg, postgres_url, BOOK, *tries)
    assert [isinstance(outcome, NotFound) for outcome in outcomes].count(True) == 2, outcomes
    assert await pg.fetchrow("SELECT seq, contacts FROM address_books") == (3, 1)
    assert await left(pg) == {}


async def test_the_trash_is_emptied_some_at_a_time(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, batch: int
) -> None:
    ids = await add_deleted(contacts, 2 * batch + 1)
    await TrashRepository(owner).empty()
    assert await left(pg) == dict.fromkeys(ids, False)


async def test_the_trash_of_a_deleted_account_is_empty(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await add_deleted(contacts, 2)
    gone = f"{BOOK}; DELETE FROM users"
    there = TrashRepository(owner)
    outcomes = await race(
        pg, postgres_url, gone, there.empty(), trash.purge(now()), there.restore(1), there.forget(1)
    )
    assert outcomes[:2] == [None, 0]
    assert [type(outcome) for outcome in outcomes[2:]] == [Unauthenticated, NotFound]
    async with asyncio.timeout(60):
        await TrashRepository(owner).empty()


async def test_many_are_restored_but_those_whose_uid_is_taken(
    contacts: ContactRepository, owner: int, foreign: ContactRepository
) -> None:
    ids = await add_deleted(contacts, 3)
    others = await add_deleted(foreign, 1)
    found = await trash.in_trash(owner, [*ids, *others, 10**9])
    assert [(key, found[key]["first_name"]) for key in ids] == list(zip(ids, "012", strict=True))
    assert list(found) == ids
    await contacts.create({"first_name": "Other", "uid": found[ids[1]]["uid"]})

    async def restore(quota: int) -> set[int]:
        async with address_books.locked(owner):
            return await trash.restore_all(owner, found, None, quota, now())

    with pytest.raises(QuotaExceeded):
        await restore(2)
    restored = await restore(3)

    assert restored == {ids[0], ids[2]}
    assert await contacts.get(ids[2]) == (ANY, 2)
    assert list(await trash.in_trash(owner, ids)) == [ids[1]]
