"""What PostgreSQL itself holds of contacts."""

from typing import Any

import asyncpg
import pytest

from tests.support.address_books import MakeOwner
from tests.support.enums import MOMENT, indexes, insert, optional

Row = dict[str, Any]


@pytest.fixture
async def row(make_owner: MakeOwner) -> Row:
    """A contact of somebody."""
    return {
        "id": 7,
        "owner_id": await make_owner(),
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "ada@example.com",
        "phone": "+442079460958",
        "phone_value": "+44 20 7946 0958",
        "phone_e164": "+442079460958",
        "phone_key": "+44 20 7946 0958 00442079460958 02079460958",
        "birthday": "1815-12-10",
        "notes": "",
        "first_name_key": "ada",
        "last_name_key": "lovelace",
        "email_key": "ada@example.com",
        "birthday_md": 1210,
        "last_name_sort": b"",
        "first_name_sort": b"",
        "version": 1,
        "keys_version": 1,
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }


async def test_what_may_be_unknown_of_somebody(pg: asyncpg.Connection, row: Row) -> None:
    unknown = {"email", "email_key", "birthday", "birthday_md", "keys_version"}
    unknown |= {"phone", "phone_value", "phone_e164", "phone_key"}
    assert await optional(pg, "contacts", row) == unknown


async def test_an_id_is_one_of_its_owner(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    await insert(pg, "contacts", row)
    await insert(pg, "contacts", row | {"owner_id": await make_owner()})
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(pg, "contacts", row)


async def test_every_index_begins_with_the_owner(pg: asyncpg.Connection) -> None:
    """All of an owner lies together, and may lie on one shard."""
    assert await indexes(pg, "contacts") == {
        ("owner_id", "id"),
        ("owner_id", "last_name_sort", "id"),
        ("owner_id", "first_name_sort", "id"),
        ("owner_id", "created_at", "id"),
        ("owner_id", "updated_at", "id"),
        ("owner_id", "birthday_md", "last_name_sort", "id"),
    }


async def test_a_deleted_user_takes_their_contacts_along(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    other = row | {"owner_id": await make_owner()}
    for each in (row, other):
        await insert(pg, "contacts", each)
    await pg.execute("DELETE FROM users WHERE id = $1", row["owner_id"])
    assert await pg.fetchval("SELECT array_agg(owner_id) FROM contacts") == [other["owner_id"]]


async def test_nobody_has_no_contact(pg: asyncpg.Connection, row: Row) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await insert(pg, "contacts", row | {"owner_id": row["owner_id"] + 1})
