# ruff: noqa: S608 - the statements are made of our own names
"""Counts the contacts of an owner with each write, so that the quota is exact.

A write locks the row of the book until its commit, and PostgreSQL reads the count again once it has
the lock. So of many requests that add the last allowed contact at once, one succeeds.
"""

from collections.abc import Collection
from typing import Final, cast

from tortoise.connection import get_connection

from contactsvc.contacts.model import Contact
from contactsvc.platform.database.transactions import transaction

BOOK_ID: Final = 1
"""The id of every owner's only book."""

ONE_MORE: Final = (
    f"UPDATE address_books SET contacts = contacts + 1 WHERE owner_id = $1 AND id = {BOOK_ID}"
    " AND contacts < $2 RETURNING owner_id"
)
"""Counts one more; no row if there are ``$2`` already, or if the count is not known."""

ONE_LESS: Final = (
    f"UPDATE address_books SET contacts = contacts - 1 WHERE owner_id = $1 AND id = {BOOK_ID}"
)


async def lock(owner_id: int) -> None:
    """Lock the owner's book until the transaction ends; waits for other writes."""
    await get_connection("default").execute_query(
        "SELECT FROM address_books WHERE owner_id = $1 FOR UPDATE", [owner_id]
    )


async def owners_among(user_ids: Collection[int]) -> set[int]:
    """Return the ids of those users who have contacts."""
    found = Contact.filter(owner_id__in=user_ids).distinct()
    return set(cast(list[int], await found.values_list("owner_id", flat=True)))


async def recount(owner_id: int) -> int:
    """Count an owner's contacts, store the count in the book, and return it.

    Raises:
        IntegrityError: There is no such owner.
    """
    async with transaction():
        connection = get_connection("default")
        book = [owner_id, BOOK_ID]
        await connection.execute_query(
            "INSERT INTO address_books (owner_id, id) VALUES ($1, $2) ON CONFLICT DO NOTHING", book
        )
        await connection.execute_query(
            "SELECT FROM address_books WHERE owner_id = $1 AND id = $2 FOR UPDATE", book
        )
        # Each statement sees what was committed before it, so writes before the lock are counted.
        rows = await connection.execute_query_dict(
            "SELECT count(*) AS contacts FROM contacts WHERE owner_id = $1", [owner_id]
        )
        contacts = int(rows[0]["contacts"])
        await connection.execute_query(
            "UPDATE address_books SET contacts = $3 WHERE owner_id = $1 AND id = $2",
            [*book, contacts],
        )
    return contacts
