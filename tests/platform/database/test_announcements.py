"""Changes of users, told through PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.platform.database.announcements import (
    CHANNEL,
    Announcement,
    SessionEnded,
    UserChanged,
    announce_sessions,
    announce_user,
    announcements,
)
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Unavailable
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("orm")


@pytest.fixture
async def heard(postgres_url: str) -> AsyncIterator[AsyncIterator[Announcement]]:
    async with announcements(postgres_url) as iterator:
        yield iterator


async def next_of(heard: AsyncIterator[Announcement]) -> Announcement:
    async with asyncio.timeout(PATIENCE):
        return await anext(heard)


async def test_users_and_sessions_are_told_one_by_one(heard: AsyncIterator[Announcement]) -> None:
    await announce_user(42, 7)
    await announce_sessions(42, [1, 2])
    assert [await next_of(heard) for _ in range(3)] == [
        UserChanged(42, 7),
        SessionEnded(42, 1),
        SessionEnded(42, 2),
    ]


async def test_what_is_rolled_back_is_not_told(heard: AsyncIterator[Announcement]) -> None:
    async def change_and_fail() -> None:
        async with transaction():
            await announce_user(1, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    await announce_user(2, 2)
    assert await next_of(heard) == UserChanged(2, 2)


async def test_nothing_is_told_before_the_commit(heard: AsyncIterator[Announcement]) -> None:
    begun = asyncio.Event()

    async def announce_meanwhile() -> None:
        await begun.wait()
        await announce_user(2, 2)

    # A task that begins outside of the transaction is no part of it.
    meanwhile = asyncio.create_task(announce_meanwhile())
    async with transaction():
        await announce_user(1, 1)
        begun.set()
        await meanwhile
        assert await next_of(heard) == UserChanged(2, 2)
    assert await next_of(heard) == UserChanged(1, 1)


async def test_it_ends_with_the_connection(
    heard: AsyncIterator[Announcement], pg: asyncpg.Connection
) -> None:
    await pg.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        f" WHERE datname = current_database() AND query LIKE 'LISTEN%{CHANNEL}%'"
    )
    with pytest.raises(StopAsyncIteration):
        await next_of(heard)


async def test_a_database_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        async with announcements("postgres://postgres@127.0.0.1:1/none"):
            pass
