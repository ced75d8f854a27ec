"""What PostgreSQL itself holds of accounts."""

from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.users.model import Role, User
from tests.support.enums import MOMENT, indexes, insert, optional

ROW: dict[str, Any] = {
    "email": "Grace@example.com",
    "email_key": "grace@example.com",
    "name": "Grace Hopper",
    "name_key": "grace hopper",
    "password_hash": "a hash",
    "role": "user",
    "confirmed": False,
    "is_active": True,
    "avatar": "a.webp",
    "region": "GB",
    "auth_version": 1,
    "version": 1,
    "created_at": MOMENT,
}


async def test_only_avatar_and_region_may_be_missing(pg: asyncpg.Connection) -> None:
    assert await optional(pg, "users", ROW) == {"avatar", "region"}


async def test_one_account_for_an_e_mail_whatever_its_case(pg: asyncpg.Connection) -> None:
    await insert(pg, "users", ROW)
    with pytest.raises(asyncpg.UniqueViolationError, match="email_key"):
        await insert(pg, "users", ROW | {"email": "GRACE@example.com"})
    await insert(pg, "users", ROW | {"email_key": "other@example.com"})


async def test_an_account_is_found_by_its_e_mail_without_reading_all(
    pg: asyncpg.Connection,
) -> None:
    assert await indexes(pg, "users") == {("id",), ("email_key",)}


@pytest.mark.usefixtures("orm")
@pytest.mark.parametrize(("role", "stored"), [(Role.USER, "user"), (Role.ADMIN, "admin")])
async def test_roles_as_they_are_stored(pg: asyncpg.Connection, role: Role, stored: str) -> None:
    user_id = await insert(pg, "users", ROW | {"role": stored})
    assert (await User.get(id=user_id)).role is role
    await User.filter(id=user_id).update(role=role)
    assert await pg.fetchval("SELECT role FROM users") == stored
