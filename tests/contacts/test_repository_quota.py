"""The quota of contacts where nothing else is said."""

import asyncpg

from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.settings import Settings

QUOTA = 100_000


async def test_a_hundred_thousand_are_allowed(
    contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    """A book whose count is lower is believed; one that is full is counted before it is refused."""
    assert Settings.max_contacts == QUOTA
    await contacts.create({"first_name": "Ada"})
    await pg.execute("UPDATE address_books SET contacts = $1", QUOTA - 1)
    for count in (QUOTA, 3):
        await contacts.create({"first_name": "Bea"})
        assert await pg.fetchval("SELECT contacts FROM address_books") == count
