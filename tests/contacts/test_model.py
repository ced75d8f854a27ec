"""What PostgreSQL itself holds of contacts."""

from typing import Any

import asyncpg
import pytest

from tests.support.address_books import MakeOwner
from tests.support.enums import MOMENT, indexes, insert, optional

Row = dict[str, Any]
LISTED = ("last_name_sort", "first_name_sort", "created_at", "updated_at")
NAMES = (
    *("first_name", "last_name", "middle_name", "prefix", "suffix", "nickname"),
    *("organization", "department", "title"),
)


@pytest.fixture
async def row(make_owner: MakeOwner) -> Row:
    """A contact of somebody."""
    return {
        "id": 7,
        "owner_id": await make_owner(),
        "uid": "5f0c1c9e-1815-4a00-9f00-000000000007",
        **dict.fromkeys(NAMES, "x"),
        "email": "ada@example.com",
        "phone": "+442079460958",
        "birthday": "1815-12-10",
        "notes": "",
        "tags": ["friends"],
        "favorite": False,
        "photo": "etag",
        "details": "{}",
        "display_name": "Ada Lovelace",
        "search_key": "ada",
        "search_more": "lovelace",
        "birthday_md": 1210,
        "last_name_sort": b"",
        "first_name_sort": b"",
        "version": 1,
        "derived_version": 1,
        "seq": 1,
        "changed_by": "api",
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }


async def test_what_may_be_unknown_of_somebody(pg: asyncpg.Connection, row: Row) -> None:
    unknown = {"email", "phone", "birthday", "birthday_md", "photo"}
    # An older release leaves these out.
    unknown |= {"uid", "details", "search_more", "derived_version"}
    assert await optional(pg, "contacts", row) == unknown


async def test_an_id_is_one_of_its_owner(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    await insert(pg, "contacts", row)
    await insert(pg, "contacts", row | {"owner_id": await make_owner()})
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(pg, "contacts", row)


async def test_a_uid_is_one_of_its_owner(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    await insert(pg, "contacts", row)
    await insert(pg, "contacts", row | {"owner_id": await make_owner()})
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(pg, "contacts", row | {"id": 8})


async def test_every_index_begins_with_the_owner(pg: asyncpg.Connection) -> None:
    """All of an owner lies together, and may lie on one shard."""
    assert await indexes(pg, "contacts") == {
        ("owner_id", "id"),
        ("owner_id", "uid"),
        ("owner_id", "seq", "id", "match_keys"),
        *{("owner_id", column, "id", "search_key", "favorite") for column in LISTED},
        ("owner_id", "birthday_md", "last_name_sort", "id"),
        ("owner_id",),  # and an expression: what a contact is called in CardDAV
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
