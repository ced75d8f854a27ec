"""The cache inside the process follows what PostgreSQL tells."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.accounts.current_user.announcements import following
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.platform.clock import now
from contactsvc.platform.database.announcements import CHANNEL, announce_sessions, announce_user
from contactsvc.platform.redis.connection import Client, connect
from tests.support.cached_users import fill
from tests.support.waiting import PATIENCE

pytestmark = [pytest.mark.own_app, pytest.mark.usefixtures("orm")]


def user(user_id: int, version: int = 1) -> CurrentUser:
    return CurrentUser(
        id=user_id,
        email="grace@example.com",
        name="Grace",
        role=Role.USER,
        confirmed=True,
        is_active=True,
        avatar=None,
        region=None,
        created_at=now(),
        auth_version=1,
        version=version,
    )


@pytest.fixture
async def redis() -> AsyncIterator[Client]:
    redis = connect(None)
    yield redis
    await redis.aclose()


@pytest.fixture
async def cache(redis: Client) -> CurrentUserCache:
    """A cache inside the process, with copies of two users in two sessions each."""
    cache = CurrentUserCache(redis, 3600, 900)
    await fill_all(cache)
    return cache


async def fill_all(cache: CurrentUserCache) -> None:
    for user_id in (1, 2):
        for session_id in (10, 20):
            await fill(cache, user(user_id), session_id)


async def known(cache: CurrentUserCache) -> set[tuple[int, int]]:
    """Return users and sessions of which the cache has good copies."""
    pairs = [(user_id, session_id) for user_id in (1, 2) for session_id in (10, 20)]
    return {pair for pair in pairs if await cache.get(*pair)}


async def until_known(cache: CurrentUserCache, expected: set[tuple[int, int]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await known(cache) != expected:
            await asyncio.sleep(0.01)  # nothing tells when an announcement has been heeded


async def test_a_changed_user_is_dropped_and_kept_out(
    postgres_url: str, cache: CurrentUserCache
) -> None:
    async with following(postgres_url, cache):
        await fill_all(cache)
        await announce_user(1, 7)
        await until_known(cache, {(2, 10), (2, 20)})
        await fill(cache, user(1, version=6), 10)
        assert await cache.get(1, 10) is None, "it is older than what was told"
        await fill(cache, user(1, version=7), 10)
        assert await cache.get(1, 10) is not None


async def test_an_ended_session_is_refused(postgres_url: str, cache: CurrentUserCache) -> None:
    async with following(postgres_url, cache):
        await fill_all(cache)
        await announce_sessions(1, [10])
        await until_known(cache, {(1, 20), (2, 10), (2, 20)})


async def test_what_was_told_before_is_made_up_for(
    postgres_url: str, cache: CurrentUserCache
) -> None:
    async with following(postgres_url, cache):
        assert await known(cache) == set()


async def test_a_lost_connection_is_made_again(
    postgres_url: str,
    redis: Client,
    cache: CurrentUserCache,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contactsvc.accounts.current_user.announcements.RETRY", 0.01)
    async with following(postgres_url, cache):
        await fill_all(cache)
        await pg.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        async with asyncio.timeout(PATIENCE):
            while await redis.keys("user:*"):
                await asyncio.sleep(0.01)  # it drops what it may not have been told of
        await fill_all(cache)
        await announce_user(1, 7)
        await until_known(cache, {(2, 10), (2, 20)})


async def test_a_database_that_is_away_keeps_nobody_from_starting_or_ending(
    cache: CurrentUserCache,
) -> None:
    async with asyncio.timeout(PATIENCE), following("postgres://postgres@127.0.0.1:1/none", cache):
        assert await known(cache), "and nothing is dropped for it"


async def test_no_failure_keeps_anybody_from_starting_or_following(
    postgres_url: str,
    redis: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    class FailsTwice(CurrentUserCache):
        failures = 0

        async def drop_all(self) -> None:
            if self.failures < 2:
                self.failures += 1
                raise ZeroDivisionError("grace@example.com")
            await super().drop_all()

    monkeypatch.setattr("contactsvc.accounts.current_user.announcements.RETRY", 0.01)
    cache = FailsTwice(redis, 3600, 900)
    await fill_all(cache)
    async with asyncio.timeout(PATIENCE), following(postgres_url, cache):
        await until_known(cache, set())
        await fill_all(cache)
        await announce_user(1, 7)
        await until_known(cache, {(2, 10), (2, 20)})
    assert caplog.messages == ["Not listening to PostgreSQL: ZeroDivisionError"]


@pytest.mark.parametrize("payload", ["nonsense", "[]", '{"Unknown": [1, 2]}', '{"UserChanged": 1}'])
async def test_what_is_no_announcement_is_survived(
    postgres_url: str,
    redis: Client,
    cache: CurrentUserCache,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    payload: str,
) -> None:
    """Whoever may connect to the database may send it."""
    monkeypatch.setattr("contactsvc.accounts.current_user.announcements.RETRY", 0.01)
    async with following(postgres_url, cache):
        await fill_all(cache)
        await pg.execute("SELECT pg_notify($1, $2)", CHANNEL, payload)
        async with asyncio.timeout(PATIENCE):
            while await redis.keys("user:*"):
                await asyncio.sleep(0.01)  # it drops what it may not have been told of
        await fill_all(cache)
        await announce_user(1, 7)
        await until_known(cache, {(2, 10), (2, 20)})
    (line,) = caplog.messages
    assert line.startswith("Not listening to PostgreSQL: ")
    assert payload not in line


async def test_who_stops_following_leaves_no_listener(
    postgres_url: str, cache: CurrentUserCache, pg: asyncpg.Connection
) -> None:
    listening = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
    )
    async with following(postgres_url, cache):
        assert await pg.fetchval(listening) == 1
    async with asyncio.timeout(PATIENCE):
        while await pg.fetchval(listening):
            await asyncio.sleep(0.01)  # PostgreSQL notices by itself that somebody is gone
    assert await pg.fetchval(listening) == 0
