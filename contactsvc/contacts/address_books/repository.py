# ruff: noqa: S608 - the statements are made of our own names
"""Counts the contacts of an owner, and their changes, with each write.

So the quota is exact, and whoever has seen the changes up to a number has missed none. A write
locks the row of the book until its commit, and PostgreSQL reads the count again once it has the
lock. So of many requests that add the last allowed contact at once, one succeeds.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, nullcontext
from typing import Final, cast
from weakref import WeakValueDictionary

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from contactsvc.contacts.model import Contact
from contactsvc.platform.database.transactions import is_open, transaction
from contactsvc.platform.errors import QuotaExceeded, Unauthenticated

BOOK_ID: Final = 1
"""The id of every owner's only book."""

_IS_THE_BOOK: Final = f"address_books.owner_id = $1 AND address_books.id = {BOOK_ID}"
_NEXT: Final = "UPDATE address_books SET seq = address_books.seq + 1"

LOCKED: Final = f"SELECT owner_id FROM address_books WHERE {_IS_THE_BOOK} FOR UPDATE"
"""Takes the row of the book of the owner ``$1`` until the transaction ends."""

ONE_MORE: Final = (
    f"{_NEXT}, contacts = contacts + 1 WHERE {_IS_THE_BOOK} AND contacts < $2"
    " RETURNING owner_id, seq"
)
"""Counts one more; no row if there are ``$2`` already, or if the count is not known."""

NEXT: Final = f"{_NEXT} WHERE {_IS_THE_BOOK} RETURNING owner_id, seq"
"""Counts a change."""

ONE_CHANGED: Final = (
    f"{_NEXT} FROM old WHERE {_IS_THE_BOOK} RETURNING address_books.owner_id, address_books.seq"
)
"""Counts a change if a table ``old`` has a row."""

ONE_LESS: Final = (
    f"{_NEXT}, contacts = contacts - 1 FROM old WHERE {_IS_THE_BOOK}"
    " RETURNING address_books.owner_id, address_books.seq"
)
"""Counts one less if a table ``old`` has a row."""

_MORE: Final = (
    "UPDATE address_books SET seq = address_books.seq + $3, contacts = contacts + $3"
    f" WHERE {_IS_THE_BOOK} AND contacts + $3 <= $2 RETURNING seq"
)
"""Counts ``$3`` more; no row if there were more than ``$2`` then, or if the count is not known."""

_COUNT: Final = f"SELECT contacts FROM address_books WHERE {_IS_THE_BOOK}"

FORGOTTEN: Final = (
    "UPDATE address_books SET oldest_seq = greatest(oldest_seq, newest.seq) FROM newest"
    f" WHERE {_IS_THE_BOOK} AND newest.count > 0"
)
"""Notes that deletions up to ``seq`` of a table ``newest`` are forgotten, if it has any."""


_TURNS: Final[WeakValueDictionary[int, asyncio.Lock]] = WeakValueDictionary()
"""By owner: who of this process may wait for the row of their book."""


async def lock(owner_id: int) -> None:
    """Lock the owner's book until the transaction ends; waits for other writes.

    An owner who has none yet gets one.

    Raises:
        Unauthenticated: The owner's account has just been deleted.
    """
    connection = get_connection("default")
    if not await connection.execute_query_dict(LOCKED, [owner_id]):
        try:
            await connection.execute_query(
                "INSERT INTO address_books (owner_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                [owner_id, BOOK_ID],
            )
        except IntegrityError as error:
            raise Unauthenticated from error
        await connection.execute_query_dict(LOCKED, [owner_id])


@asynccontextmanager
async def locked(owner_id: int) -> AsyncIterator[None]:
    """Hold a transaction in which the owner's book is locked, or lock it in the one that is open.

    Who waits for the same book in this process has no connection meanwhile: a single client with
    many requests at once would take them all.

    Raises:
        Unauthenticated: As :func:`lock`.
    """
    # Who is in a transaction has a connection, and perhaps the book.
    turn = nullcontext() if is_open() else _TURNS.setdefault(owner_id, asyncio.Lock())
    async with turn, transaction():
        await lock(owner_id)
        yield


async def add(owner_id: int, count: int, quota: int) -> int:
    """Count so many contacts more, and return the number of the first one's change.

    The book is locked until the transaction ends.

    Args:
        owner_id: The owner.
        count: How many contacts the transaction adds.
        quota: The most that the owner may have.

    Raises:
        QuotaExceeded: There would be more.
        Unauthenticated: The owner's account has just been deleted.
    """
    connection, values = get_connection("default"), [owner_id, quota, count]
    while not (rows := await connection.execute_query_dict(_MORE, values)):
        if await recount(owner_id) + count > quota:
            raise QuotaExceeded
    return int(rows[0]["seq"]) - count + 1


async def count(owner_id: int) -> int:
    """Return how many contacts an owner has; the book is locked meanwhile, and knows it then."""
    rows = await get_connection("default").execute_query_dict(_COUNT, [owner_id])
    if not rows or rows[0]["contacts"] is None:
        return await recount(owner_id)
    return int(rows[0]["contacts"])


async def owners_among(user_ids: Collection[int]) -> set[int]:
    """Return the ids of those users who have contacts."""
    found = Contact.filter(owner_id__in=user_ids).distinct()
    return set(cast(list[int], await found.values_list("owner_id", flat=True)))


async def recount(owner_id: int) -> int:
    """Count an owner's contacts, store the count in the book, and return it.

    Raises:
        Unauthenticated: The owner's account has just been deleted.
    """
    async with transaction():
        connection = get_connection("default")
        await lock(owner_id)
        # Each statement sees what was committed before it, so writes before the lock are counted.
        rows = await connection.execute_query_dict(
            "SELECT count(*) AS contacts FROM contacts WHERE owner_id = $1", [owner_id]
        )
        contacts = int(rows[0]["contacts"])
        await connection.execute_query(
            "UPDATE address_books SET contacts = $3 WHERE owner_id = $1 AND id = $2",
            [owner_id, BOOK_ID, contacts],
        )
    return contacts


async def reach_all() -> None:
    """Ask all servers that have address books: one, or those over which Citus has spread them.

    Raises:
        Unavailable: One of them is away.
    """
    query = "SELECT FROM address_books WHERE owner_id < 0"  # which finds none, by the key
    await get_connection("default").execute_query(query)
