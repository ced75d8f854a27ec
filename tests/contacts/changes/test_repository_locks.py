"""Writers of one address book wait for each other, and never for ever: the book comes first."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection

from contactsvc.contacts import key_renewal
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.trash import repository as trash
from contactsvc.contacts.trash.repository import TrashRepository
from contactsvc.contacts.versions import repository as versions
from contactsvc.contacts.versions.repository import VersionRepository
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from tests.support.locks import race
from tests.support.photos import add_photo

BOOK = "SELECT FROM address_books FOR UPDATE"
TABLES = ("contacts", "deleted_contacts", "contact_versions", "contact_photos")
ROUNDS = 30
AT_ONCE = 5
LATER = now() + timedelta(days=400)

Write = Callable[[], Awaitable[Any]]


class Book:
    """An address book with a contact that is there, one that is deleted, and their versions.

    Args:
        contacts: Its contacts.
        owner_id: Whose it is.
        there: The ids of contacts that are there.
        deleted: The id of the one in the trash.
    """

    def __init__(
        self, contacts: ContactRepository, owner_id: int, there: list[int], deleted: int
    ) -> None:
        self.contacts = contacts
        self.trash = TrashRepository(owner_id)
        self.versions = VersionRepository(owner_id, None, 100)
        self.there = there
        self.deleted = deleted

    def writes(self) -> dict[str, Write]:
        """Return each way in which an address book is written."""
        first = self.there[0]
        return {
            "create": lambda: self.contacts.create({"first_name": "New"}),
            "change": lambda: self.contacts.change(first, {"notes": "new"}),
            "delete": lambda: self.contacts.delete(first),
            "renew keys": key_renewal.renew,
            "restore": lambda: self.trash.restore(self.deleted),
            "forget": lambda: self.trash.forget(self.deleted),
            "empty": self.trash.empty,
            "restore a version": lambda: self.versions.restore(first, 1),
            "purge the trash": lambda: trash.purge(LATER),
            "purge tombstones": lambda: trash.purge_tombstones(LATER),
            "purge versions": lambda: versions.purge(LATER),
        }


@pytest.fixture
async def book(contacts: ContactRepository, owner: int, pg: asyncpg.Connection) -> Book:
    ids = [(await contacts.create({"first_name": name}))[0]["id"] for name in "ABCD"]
    for contact_id in ids:
        await contacts.change(contact_id, {"notes": "changed"})
        await add_photo(pg, contact_id)
    deleted = ids.pop()
    await contacts.delete(deleted)
    return Book(contacts, owner, ids, deleted)


PREPARED = {
    "renew keys": "UPDATE contacts SET derived_version = NULL",
    "purge tombstones": "UPDATE deleted_contacts SET contact = NULL",
}


async def test_whoever_waits_for_the_book_holds_nothing_else(
    book: Book, pg: asyncpg.Connection, postgres_url: str, subtests: pytest.Subtests
) -> None:
    """So whoever has the book gets all the rest, and no two can wait for each other."""

    async def nothing_is_locked() -> None:
        for table in TABLES:
            await pg.execute(f"SELECT FROM {table} FOR UPDATE NOWAIT")  # raises where one is

    for name, write in book.writes().items():
        with subtests.test(write=name):
            undone = RuntimeError("undone")

            async def attempt(write: Write = write, error: Exception = undone) -> None:
                async with transaction():
                    await write()
                    raise error  # so that the next one finds the book as it was

            if name in PREPARED:
                await pg.execute(PREPARED[name])
            tried = race(pg, postgres_url, BOOK, attempt(), meanwhile=nothing_is_locked)
            assert await tried == [undone]


@pytest.mark.slow
async def test_many_changes_in_any_order_at_once_do_not_deadlock(
    book: Book, pg: asyncpg.Connection
) -> None:
    choice = random.Random(5)
    gate = asyncio.Barrier(AT_ONCE)

    async def recycle(contact_id: int) -> None:
        await book.contacts.delete(contact_id)
        await book.trash.restore(contact_id)

    async def back(contact_id: int) -> None:
        [last] = (await book.versions.page(contact_id, 1)).rows
        await book.versions.restore(contact_id, last.version)

    kinds: list[Callable[[int], Awaitable[Any]]] = [
        lambda contact_id: book.contacts.change(contact_id, {"notes": f"{choice.random()}"}),
        back,
        lambda _: book.contacts.create({"first_name": "New"}),
        recycle,
    ]

    async def several(steps: list[tuple[Callable[[int], Awaitable[Any]], int]]) -> None:
        await gate.wait()
        async with transaction():
            await get_connection("default").execute_query("SET LOCAL deadlock_timeout = '5ms'")
            for write, contact_id in steps:
                await write(contact_id)

    for _ in range(ROUNDS):
        orders = [choice.sample(book.there, len(book.there)) for _ in range(AT_ONCE)]
        steps = [[(choice.choice(kinds), each) for each in order] for order in orders]
        await asyncio.gather(*map(several, steps))  # raises if PostgreSQL has ended one of them
    there = await pg.fetchval("SELECT array_agg(id) FROM contacts")
    assert {*book.there} <= {*there}
    said = await pg.fetchval("SELECT contacts FROM address_books")
    assert said == len(there)
