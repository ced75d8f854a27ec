"""Accounts on the real PostgreSQL, and what is told of their changes."""

import asyncpg
import pytest

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books


class Hook:
    """Notes what it is told before a commit, and what others see of the user meanwhile."""

    def __init__(self, pg: asyncpg.Connection) -> None:
        self._pg = pg
        self.told: list[tuple[int, int]] = []
        self.seen_by_others: list[int] = []
        self.error: Exception | None = None

    async def __call__(self, user_id: int, version: int) -> None:
        self.told.append((user_id, version))
        query = "SELECT version FROM users WHERE id = $1"
        self.seen_by_others.append(await self._pg.fetchval(query, user_id))
        if self.error is not None:
            raise self.error


@pytest.fixture
def hook(pg: asyncpg.Connection) -> Hook:
    return Hook(pg)


@pytest.fixture
def users(orm: None, hook: Hook) -> UserRepository:
    return UserRepository(hook, address_books)


@pytest.fixture
async def grace_id(users: UserRepository) -> int:
    """The id of a fresh account."""
    return await users.create("Grace@example.com", "a hash", "Grace Hopper")


async def row(pg: asyncpg.Connection, user_id: int) -> dict[str, object]:
    return dict(await pg.fetchrow("SELECT * FROM users WHERE id = $1", user_id))
