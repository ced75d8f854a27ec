"""What PostgreSQL itself holds of links that work once."""

from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.one_time_tokens.model import OneTimeToken, Purpose
from tests.support.address_books import MakeOwner
from tests.support.enums import MOMENT, indexes, insert, optional

Row = dict[str, Any]


@pytest.fixture
async def row(make_owner: MakeOwner) -> Row:
    """A link of somebody."""
    return {
        "user_id": await make_owner(),
        "purpose": "confirm_email",
        "digest": "0" * 64,
        "email": "ada@example.com",
        "created_at": MOMENT,
        "expires_at": MOMENT,
        "used_at": MOMENT,
    }


async def test_only_a_use_may_be_missing(pg: asyncpg.Connection, row: Row) -> None:
    assert await optional(pg, "one_time_tokens", row) == {"used_at"}


async def test_a_token_is_one_persons_and_has_one_purpose(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    await insert(pg, "one_time_tokens", row)
    other = row | {"user_id": await make_owner(), "purpose": "reset_password"}
    with pytest.raises(asyncpg.UniqueViolationError, match="digest"):
        await insert(pg, "one_time_tokens", other)


async def test_what_is_looked_for_is_found_without_reading_all(pg: asyncpg.Connection) -> None:
    assert await indexes(pg, "one_time_tokens") == {
        ("id",),
        ("digest",),
        ("user_id", "purpose"),
        ("expires_at",),
    }


async def test_a_deleted_user_takes_their_links_along(
    pg: asyncpg.Connection, row: Row, make_owner: MakeOwner
) -> None:
    other = row | {"user_id": await make_owner(), "digest": "1" * 64}
    for each in (row, other):
        await insert(pg, "one_time_tokens", each)
    await pg.execute("DELETE FROM users WHERE id = $1", row["user_id"])
    left = await pg.fetchval("SELECT array_agg(user_id) FROM one_time_tokens")
    assert left == [other["user_id"]]


async def test_nobody_has_no_link(pg: asyncpg.Connection, row: Row) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await insert(pg, "one_time_tokens", row | {"user_id": row["user_id"] + 1})


PURPOSES = {
    Purpose.CONFIRM_EMAIL: "confirm_email",
    Purpose.RESET_PASSWORD: "reset_password",
    Purpose.CHANGE_EMAIL: "change_email",
}


@pytest.mark.usefixtures("orm")
@pytest.mark.parametrize("purpose", Purpose)
async def test_links_of_the_release_before_keep_their_purpose(
    pg: asyncpg.Connection, row: Row, purpose: Purpose
) -> None:
    link_id = await insert(pg, "one_time_tokens", row | {"purpose": PURPOSES[purpose]})
    assert (await OneTimeToken.get(id=link_id)).purpose is purpose
