"""The cached copies while Redis is away, or when this process cannot know what it was told."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from contactsvc.accounts.current_user.cache import Change, CurrentUserCache
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.platform.metrics import REGISTRY
from contactsvc.platform.redis.circuit_breaker import RESET_TIMEOUT
from contactsvc.platform.redis.connection import connect
from tests.accounts.current_user.test_cache import user
from tests.support.cached_users import fill
from tests.support.clocks import MonotonicClock
from tests.support.redis_server import RedisServer
from tests.support.smtp_server import hanging_server

LONG = 3000
"""Seconds that a test does not see the end of."""


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    async with connect(redis_server.url, timeout=LONG) as redis:
        assert isinstance(redis, Redis)
        yield redis


@pytest.fixture
def cache(redis: Redis, monotonic_clock: MonotonicClock) -> CurrentUserCache:
    return CurrentUserCache(redis, LONG, LONG, timeout=LONG)


def counted() -> dict[str, float]:
    """How often a copy was found, was not, and could not be asked for."""
    name = "user_cache_requests_total"
    return {
        result: REGISTRY.get_sample_value(name, {"result": result}) or 0.0
        for result in ("hit", "miss", "away")
    }


class Counts:
    """What is counted from now on."""

    def __init__(self) -> None:
        self._before = counted()

    def now(self) -> dict[str, float]:
        """Return what has been counted since."""
        return {r: n - self._before[r] for r, n in counted().items() if n > self._before[r]}


async def restart(server: RedisServer) -> None:
    """Let Redis come back with what another process has filled it with."""
    server.start()
    redis = connect(server.url, timeout=LONG)
    await fill(CurrentUserCache(redis, LONG, LONG), user(1), 7)
    await redis.aclose()


async def test_what_is_found_missed_and_out_of_reach_is_counted(
    cache: CurrentUserCache, redis_server: RedisServer
) -> None:
    counts = Counts()
    await cache.get(42, 7)
    assert counts.now() == {"miss": 1}
    await cache.fill(user(1), 7, cache.run_id(42))
    await cache.get(42, 7)
    assert counts.now() == {"miss": 1, "hit": 1}
    redis_server.kill()
    for _ in range(2):  # the second is not even tried
        await cache.get(42, 7)
    assert counts.now() == {"miss": 1, "hit": 1, "away": 2}


async def test_a_redis_that_has_just_failed_is_left_alone_for_a_moment(
    cache: CurrentUserCache,
    redis: Redis,
    redis_server: RedisServer,
    monotonic_clock: MonotonicClock,
) -> None:
    redis_server.kill()
    assert await cache.get(42, 7) is None
    await restart(redis_server)

    assert await cache.get(42, 7) is None, "it is not asked"
    await cache.fill(user(1), 8, b"a run")
    assert not await redis.exists("user:{42}:session:8"), "nor told anything"
    monotonic_clock.now += RESET_TIMEOUT
    await fill(cache, user(1), 8)
    assert await cache.get(42, 7) == await cache.get(42, 8) == user(1)


async def test_a_fill_that_fails_opens_the_breaker(
    cache: CurrentUserCache, redis: Redis, redis_server: RedisServer
) -> None:
    await fill(cache, user(1), 7)
    redis_server.kill()
    await cache.fill(user(1), 7, cache.run_id(42))
    await restart(redis_server)
    assert await cache.get(42, 7) is None, "it is not asked"


async def test_what_it_was_not_told_can_be_told_late(
    cache: CurrentUserCache, redis_server: RedisServer, monotonic_clock: MonotonicClock
) -> None:
    await fill(cache, user(1), 7)
    changes = [Change(42, version=2), Change(42, session_id=8), Change(43, version=5)]
    with redis_server.standing_still():
        hasty = CurrentUserCache(connect(redis_server.url, timeout=0.01), LONG, LONG)
        assert await hasty.apply(changes) == []
        assert await hasty.apply(changes) == [], "nor is it asked again at once"
    assert await cache.get(42, 7) == user(1), "it has kept the copy"

    assert await cache.apply(changes) == changes

    assert await cache.get(42, 7) is None
    await cache.fill(user(1), 9, cache.run_id(42))
    assert await cache.get(42, 9) is None, "older than the floor"
    for session_id in (8, 9):
        await cache.fill(user(2), session_id, cache.run_id(42))
    assert await cache.get(42, 9) == user(2)
    assert await cache.get(42, 8) is None


async def test_only_what_the_lease_covers_is_taken_from_redis(redis: Redis) -> None:
    lease = Lease()
    cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG, lease=lease)
    await cache.is_away()  # it has a connection
    await fill(cache, user(1), 7)
    counts = Counts()
    assert await cache.get(42, 7) is None
    assert counts.now() == {"away": 1}, "there is none yet, so Redis is not even asked"

    lease.renew(time.monotonic() + LONG, {43})
    assert await cache.get(42, 7) == user(1)
    lease.renew(time.monotonic() + LONG, {42})
    assert await cache.get(42, 7) is None


async def test_a_lease_that_ends_while_redis_is_asked_has_ended(
    redis: Redis, redis_server: RedisServer
) -> None:
    lease = Lease()
    cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG, lease=lease)
    for get in (cache.get, cache.get_without_postgresql):
        lease.renew(time.monotonic() + LONG, {})
        await fill(cache, user(1), 7)
        assert await get(42, 7) == user(1)
        with redis_server.standing_still():
            asking = asyncio.create_task(get(42, 7))
            await asyncio.sleep(0)
            lease.renew(time.monotonic() + LONG, {42})
        assert await asking is None


async def test_without_postgresql_what_was_known_last_counts_until_redis_fails(
    redis: Redis, redis_server: RedisServer, monotonic_clock: MonotonicClock
) -> None:
    lease = Lease()
    cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG, lease=lease)
    await cache.is_away()
    await fill(cache, user(1), 7)
    assert await cache.get_without_postgresql(42, 7) is None, "nothing was ever known"
    lease.renew(time.monotonic() - LONG, {})
    assert await cache.get(42, 7) is None
    assert await cache.get_without_postgresql(42, 7) == user(1)

    redis_server.kill()
    assert await cache.get_without_postgresql(42, 7) is None
    await restart(redis_server)
    monotonic_clock.now += RESET_TIMEOUT
    assert await cache.get_without_postgresql(42, 7) is None
    lease.renew(time.monotonic() - LONG, {})
    assert await cache.get_without_postgresql(42, 7) == user(1)


async def test_whether_redis_answers(cache: CurrentUserCache, redis_server: RedisServer) -> None:
    assert await cache.is_away() is False
    redis_server.kill()
    assert await cache.is_away() is True


async def test_a_redis_that_accepts_and_says_nothing_is_away() -> None:
    async with (
        hanging_server() as server,
        Redis.from_url(f"redis://127.0.0.1:{server.port}/0") as redis,
    ):
        assert await CurrentUserCache(redis, LONG, LONG, timeout=0.01).is_away() is True


async def test_a_copy_that_is_dropped_leaves_nothing_behind() -> None:
    embedded: Any = connect(None)
    cache = CurrentUserCache(embedded, LONG, LONG)
    await fill(cache, user(1), 7)
    await cache.invalidate(42, 2)
    assert sorted(await embedded.keys()) == [b"user:{42}:floor", b"user:{42}:session:7"]


async def test_a_floor_that_is_written_again_lives_as_long_again() -> None:
    embedded: Any = connect(None)
    cache = CurrentUserCache(embedded, LONG, LONG)
    await cache.invalidate(42, 2)
    await embedded.expire("user:{42}:floor", 10)
    await cache.invalidate(42, 2)
    assert await embedded.ttl("user:{42}:floor") > LONG
