"""Why the changes are in the order of the book's numbers, and not of a sequence's.

A sequence gives its numbers out at once, and a transaction that has got a lower one may commit
later. Whoever has read on to the higher one never comes back. A book's number belongs to whoever
holds the row of the book, until the commit.
"""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.contacts.changes.repository import Place, changes
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database.transactions import transaction
from tests.support.locks import waiting

CHANGE = "UPDATE contacts SET seq = nextval('numbers') WHERE id = $1 RETURNING seq"


class Reader:
    """Somebody who reads on from where they are."""

    def __init__(self, owner_id: int) -> None:
        self._owner_id = owner_id
        self._place: Place | None = None

    async def read(self) -> list[int]:
        """Return the ids of what has changed since the last time."""
        found = await changes(self._owner_id, 1000, self._place)
        self._place = found.place
        return [item.id if not isinstance(item, dict) else item["id"] for item in found.items]


@pytest.fixture
async def two(contacts: ContactRepository) -> list[int]:
    """The ids of two contacts."""
    return [(await contacts.create({"first_name": name}))[0]["id"] for name in ("Ada", "Eve")]


@pytest.fixture
async def slow(pg: asyncpg.Connection, postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that takes its time, and numbers that a sequence gives out."""
    connection = await asyncpg.connect(postgres_url)
    await pg.execute("CREATE SEQUENCE numbers START 10")
    yield connection
    await connection.close()
    await pg.execute("DROP SEQUENCE numbers")


async def test_numbers_of_a_sequence_lose_a_change(
    owner: int, two: list[int], slow: asyncpg.Connection, pg: asyncpg.Connection
) -> None:
    reader = Reader(owner)
    assert await reader.read() == two
    await pg.execute("UPDATE address_books SET seq = 100")  # so that no cursor is ahead of it
    first, second = two
    async with slow.transaction():
        assert await slow.fetchval(CHANGE, first) == 10
        assert await pg.fetchval(CHANGE, second) == 11
        assert await reader.read() == [second]
    assert await pg.fetchval("SELECT seq FROM contacts WHERE id = $1", first) == 10
    assert await reader.read() == [], "the first change is lost for ever"


async def test_numbers_of_the_book_lose_none(
    contacts: ContactRepository, owner: int, two: list[int], pg: asyncpg.Connection
) -> None:
    reader = Reader(owner)
    assert await reader.read() == two
    first, second = two
    has_number, may_commit = asyncio.Event(), asyncio.Event()

    async def write_slowly() -> None:
        async with transaction():
            await contacts.change(first, {"notes": "first"})
            has_number.set()
            await may_commit.wait()

    writer = asyncio.ensure_future(write_slowly())
    await has_number.wait()
    other = asyncio.ensure_future(contacts.change(second, {"notes": "second"}))
    await waiting(pg, [other])  # it gets no number before the other has committed
    assert await reader.read() == [], "whoever reads waits for nobody"
    may_commit.set()
    await asyncio.gather(writer, other)
    assert await reader.read() == [first, second]


@pytest.mark.parametrize("delete", [False, True])
async def test_every_kind_of_write_waits_for_its_number(
    contacts: ContactRepository,
    owner: int,
    two: list[int],
    pg: asyncpg.Connection,
    delete: bool,
) -> None:
    """One that has passed the other would be passed over by whoever reads."""
    reader = Reader(owner)
    await reader.read()
    first, second = two
    has_number, may_commit = asyncio.Event(), asyncio.Event()

    async def write_slowly() -> None:
        async with transaction():
            await (contacts.delete(first) if delete else contacts.create({"first_name": "New"}))
            has_number.set()
            await may_commit.wait()

    writer = asyncio.ensure_future(write_slowly())
    await has_number.wait()
    others = [
        asyncio.ensure_future(other)
        for other in (contacts.create({"first_name": "Other"}), contacts.delete(second))
    ]
    await waiting(pg, others)
    assert await reader.read() == []
    may_commit.set()
    await asyncio.gather(writer, *others)
    assert len(await reader.read()) == 3
