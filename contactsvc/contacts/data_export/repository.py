# ruff: noqa: S608 - the statements are made of our own names
"""Reads all of one owner's contacts and photos, page by page.

No connection is held while a client takes its time. Pages go by the id, which never changes, so
that what is there from the beginning to the end comes exactly once.
"""

from collections.abc import AsyncIterator
from typing import Any, Final

from tortoise.connection import get_connection

from contactsvc.contacts.rows import READ, ContactRow, public

CONTACTS: Final = 100
"""Contacts of a page. At all their limits they take some 10 MB."""
PHOTOS: Final = 20
"""Photos of a page: 6 MB at the most."""

_CONTACTS: Final = (
    f"SELECT {', '.join(READ)} FROM contacts"
    f" WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT {CONTACTS}"
)
_PHOTOS: Final = (
    "SELECT contact_id AS id, content FROM contact_photos"
    f" WHERE owner_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT {PHOTOS}"
)


async def contacts(owner_id: int) -> AsyncIterator[list[ContactRow]]:
    """Yield all contacts of an owner."""
    async for rows in _pages(_CONTACTS, owner_id):
        yield [public(row, owner_id) for row in rows]


async def photos(owner_id: int) -> AsyncIterator[list[tuple[int, bytes]]]:
    """Yield all photos of an owner's contacts, of those in the trash too, by the contact's id."""
    async for rows in _pages(_PHOTOS, owner_id):
        yield [(row["id"], bytes(row["content"])) for row in rows]


async def _pages(statement: str, owner_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    last = 0
    while True:
        found = await get_connection("default").execute_query_dict(statement, [owner_id, last])
        rows: list[dict[str, Any]] = list(found)
        if not rows:
            return
        last = rows[-1]["id"]
        yield rows
