"""Owners who have no book yet, as they have added nothing since books are counted."""

import asyncpg
import pytest

from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.errors import NotFound

BOOKS = "SELECT count(*) FROM address_books"


async def test_a_contact_from_before_there_were_books_is_deleted(
    contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    row, _ = await contacts.create({"first_name": "Ada"})
    await pg.execute("DELETE FROM address_books")

    await contacts.delete(row["id"])

    assert await pg.fetchval("SELECT count(*) FROM contacts") == 0
    assert await pg.fetchval(BOOKS) == 1


async def test_a_removal_of_nothing_leaves_no_book_behind(
    contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    with pytest.raises(NotFound):
        await contacts.delete(1)

    assert await pg.fetchval(BOOKS) == 0
