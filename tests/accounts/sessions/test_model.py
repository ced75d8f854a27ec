"""What PostgreSQL itself holds of sign-ins."""

from typing import Any

import asyncpg
import pytest

from tests.support.address_books import MakeOwner
from tests.support.enums import MOMENT, indexes, insert, optional

Row = dict[str, Any]


@pytest.fixture
async def row(make_owner: MakeOwner) -> Row:
    """A session of somebody."""
    return {
        "id": 7,
        "user_id": await make_owner(),
        "counter": 0,
        "user_agent": "",
        "ip": "",
        "created_at": MOMENT,
        "last_used_at": MOMENT,
        "expires_at": MOMENT,
        "revoked_at": MOMENT,
    }


async def test_only_an_end_may_be_missing(pg: asyncpg.Connection, row: Row) -> None:
    assert await optional(pg, "sessions", row) == {"revoked_at"}


async def test_an_id_is_one_of_its_user(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    await insert(pg, "sessions", row)
    await insert(pg, "sessions", row | {"user_id": await make_owner()})
    with pytest.raises(asyncpg.UniqueViolationError):
        await insert(pg, "sessions", row)


async def test_all_of_a_user_lie_together(pg: asyncpg.Connection) -> None:
    assert await indexes(pg, "sessions") == {("user_id", "id")}


async def test_a_deleted_user_takes_their_sessions_along(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    other = row | {"user_id": await make_owner()}
    for each in (row, other):
        await insert(pg, "sessions", each)
    await pg.execute("DELETE FROM users WHERE id = $1", row["user_id"])
    assert await pg.fetchval("SELECT array_agg(user_id) FROM sessions") == [other["user_id"]]


async def test_nobody_has_no_session(pg: asyncpg.Connection, row: Row) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await insert(pg, "sessions", row | {"user_id": row["user_id"] + 1})
