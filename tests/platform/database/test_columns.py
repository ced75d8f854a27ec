"""Column types that Tortoise does not bring, in a real table."""

import asyncpg
import pytest

from contactsvc.platform.database.columns import SearchKeyField


async def test_search_keys_are_compared_byte_by_byte(pg: asyncpg.Connection) -> None:
    await pg.execute(f"CREATE TEMP TABLE keys (key {SearchKeyField(max_length=4).SQL_TYPE})")
    keys = ["Z", "a b", "aa", "z", "é"]
    await pg.executemany("INSERT INTO keys VALUES ($1)", [(key,) for key in reversed(keys)])
    assert await pg.fetchval("SELECT array_agg(key ORDER BY key) FROM keys") == keys
    # A server may happen to sort so by itself; that must not be what decides.
    assert await pg.fetchval("SELECT pg_collation_for(key) FROM keys LIMIT 1") == '"C"'


async def test_search_keys_have_a_length(pg: asyncpg.Connection) -> None:
    await pg.execute(f"CREATE TEMP TABLE keys (key {SearchKeyField(max_length=4).SQL_TYPE})")
    await pg.execute("INSERT INTO keys VALUES ('éééé')")
    with pytest.raises(asyncpg.StringDataRightTruncationError):
        await pg.execute("INSERT INTO keys VALUES ('abcde')")


async def test_every_search_key_is_one(pg: asyncpg.Connection) -> None:
    rows = await pg.fetch(
        """
        SELECT table_name || '.' || column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND collation_name = 'C'
        """
    )
    assert {row["name"] for row in rows} == {
        "users.email_key",
        "users.name_key",
        "contacts.first_name_key",
        "contacts.last_name_key",
        "contacts.email_key",
        "contacts.phone_key",
        "contacts.search_key",
        "contacts.search_more",
        "outbox.recipient_key",
        "registrations.email_key",
    }
