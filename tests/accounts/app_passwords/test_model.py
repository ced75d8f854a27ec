"""What PostgreSQL itself holds of app passwords."""

from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.model import AppPassword, AppPasswordScope
from tests.support.address_books import MakeOwner
from tests.support.enums import MOMENT, indexes, insert, optional

Row = dict[str, Any]


@pytest.fixture
async def row(make_owner: MakeOwner) -> Row:
    """An app password of somebody."""
    return {
        "user_id": await make_owner(),
        "id": 7,
        "name": "Phone",
        "scope": "write",
        "digest": "0" * 64,
        "created_at": MOMENT,
        "last_used_at": MOMENT,
        "expires_at": MOMENT,
    }


async def test_it_need_be_neither_used_nor_ended(pg: asyncpg.Connection, row: Row) -> None:
    assert await optional(pg, "app_passwords", row) == {"last_used_at", "expires_at"}


async def test_its_id_and_digest_are_one_users(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    await insert(pg, "app_passwords", row)
    for other in ({"id": 8}, {"digest": "1" * 64}):
        with pytest.raises(asyncpg.UniqueViolationError):
            await insert(pg, "app_passwords", row | other)
    await insert(pg, "app_passwords", row | {"user_id": await make_owner()})


async def test_what_is_looked_for_is_found_without_reading_all(pg: asyncpg.Connection) -> None:
    assert await indexes(pg, "app_passwords") == {
        ("user_id", "id"),
        ("user_id", "digest"),
        ("expires_at",),
    }


async def test_a_deleted_user_takes_theirs_along(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    other = row | {"user_id": await make_owner()}
    for each in (row, other):
        await insert(pg, "app_passwords", each)
    await pg.execute("DELETE FROM users WHERE id = $1", row["user_id"])
    left = await pg.fetchval("SELECT array_agg(user_id) FROM app_passwords")
    assert left == [other["user_id"]]


SCOPES = {AppPasswordScope.READ: "read", AppPasswordScope.WRITE: "write"}


@pytest.mark.usefixtures("orm")
@pytest.mark.parametrize("scope", AppPasswordScope)
async def test_those_of_the_release_before_keep_their_scope(
    pg: asyncpg.Connection, row: Row, scope: AppPasswordScope
) -> None:
    await insert(pg, "app_passwords", row | {"scope": SCOPES[scope]})
    assert (await AppPassword.get(user_id=row["user_id"], id=row["id"])).scope is scope
