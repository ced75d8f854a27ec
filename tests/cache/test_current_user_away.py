"""The cached copies while Redis is away, and what it is owed when it is back."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from redis.asyncio import Redis

from contactsvc.cache.connection import connect
from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.cache.pause import PAUSE
from contactsvc.metrics import REGISTRY
from tests.cache.test_current_user import user
from tests.support.clocks import MonotonicClock
from tests.support.redis_server import RedisServer

LONG = 3000
"""Seconds that a test does not see the end of."""


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    async with connect(redis_server.url, timeout=LONG) as redis:
        assert isinstance(redis, Redis)
        yield redis


@pytest.fixture
def cache(redis: Redis, clock: MonotonicClock) -> CurrentUserCache:
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


async def restart(server: RedisServer, redis: Redis) -> None:
    """Let Redis come back with what it held: it was only out of reach."""
    server.start()
    await CurrentUserCache(redis, LONG, LONG).fill(user(1), 7)


async def test_what_is_found_missed_and_out_of_reach_is_counted(
    cache: CurrentUserCache, redis_server: RedisServer
) -> None:
    counts = Counts()
    await cache.get(42, 7)
    assert counts.now() == {"miss": 1}
    await cache.fill(user(1), 7)
    await cache.get(42, 7)
    assert counts.now() == {"miss": 1, "hit": 1}
    redis_server.kill()
    for _ in range(2):  # the second is not even tried
        await cache.get(42, 7)
    assert counts.now() == {"miss": 1, "hit": 1, "away": 2}


async def test_a_redis_that_has_just_failed_is_left_alone_for_a_moment(
    cache: CurrentUserCache, redis: Redis, redis_server: RedisServer, clock: MonotonicClock
) -> None:
    redis_server.kill()
    assert await cache.get(42, 7) is None
    await restart(redis_server, redis)

    assert await cache.get(42, 7) is None, "it is not asked"
    await cache.fill(user(1), 8)
    assert not await redis.exists("user:{42}:session:8"), "nor told anything"
    clock.now += PAUSE
    await cache.fill(user(1), 8)
    assert await cache.get(42, 7) == await cache.get(42, 8) == user(1)


async def test_a_fill_that_fails_begins_the_pause(
    cache: CurrentUserCache, redis: Redis, redis_server: RedisServer
) -> None:
    redis_server.kill()
    await cache.fill(user(1), 7)
    await restart(redis_server, redis)
    assert await cache.get(42, 7) is None, "it is not asked"


async def test_what_is_owed_is_written_before_anything_is_read(
    cache: CurrentUserCache, redis: Redis, redis_server: RedisServer, clock: MonotonicClock
) -> None:
    redis_server.kill()
    await cache.invalidate(42, 2)
    await cache.revoke(42, [7, 8])
    await restart(redis_server, redis)
    clock.now += PAUSE
    counts = Counts()

    assert await cache.get(42, 7) is None

    assert not cache.is_owed
    assert counts.now() == {"miss": 1}, "Redis was asked, and had nothing that is good"
    await cache.fill(user(1), 9)
    assert await cache.get(42, 9) is None, "older than the floor"
    await cache.fill(user(2), 9)
    assert await cache.get(42, 9) == user(2)
    assert [await cache.get(42, session_id) for session_id in (7, 8)] == [None, None]


async def test_nothing_is_read_while_something_is_owed(
    cache: CurrentUserCache, redis: Redis, redis_server: RedisServer, clock: MonotonicClock
) -> None:
    await cache.fill(user(1), 7)
    redis_server.kill()
    await cache.invalidate(42, 2)
    clock.now += PAUSE
    counts = Counts()

    assert await cache.get(42, 7) is None

    assert cache.is_owed
    assert counts.now() == {"away": 1}
    await restart(redis_server, redis)
    assert await cache.get(42, 7) is None, "the write that failed began the pause anew"
    assert cache.is_owed


async def test_whether_redis_answers(cache: CurrentUserCache, redis_server: RedisServer) -> None:
    assert await cache.is_away() is False
    redis_server.kill()
    assert await cache.is_away() is True


async def test_a_redis_that_accepts_and_says_nothing_is_away() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Redis.from_url(f"redis://127.0.0.1:{port}/0") as redis:
        assert await CurrentUserCache(redis, LONG, LONG, timeout=0.01).is_away() is True


async def test_a_later_write_is_not_forgotten_for_an_earlier_one_that_is_slower() -> None:
    embedded: Any = connect(None)
    cache = CurrentUserCache(embedded, LONG, LONG)
    put, begun, may_end = cache._put, asyncio.Event(), asyncio.Event()

    async def put_slowly(**kwargs: Any) -> None:
        cache._put = put
        begun.set()
        await may_end.wait()
        await put(**kwargs)

    cache._put = put_slowly
    earlier = asyncio.create_task(cache.invalidate(42, 2))
    await begun.wait()
    await cache.invalidate(42, 3)
    may_end.set()
    await earlier

    assert not cache.is_owed
    await cache.fill(user(2), 7)
    assert await cache.get(42, 7) is None, "older than the floor"


async def test_a_copy_that_is_dropped_leaves_nothing_behind() -> None:
    embedded: Any = connect(None)
    cache = CurrentUserCache(embedded, LONG, LONG)
    await cache.fill(user(1), 7)
    await cache.invalidate(42, 2)
    assert sorted(await embedded.keys()) == [b"user:{42}:floor", b"user:{42}:session:7"]


async def test_a_floor_that_is_written_again_lives_as_long_again() -> None:
    embedded: Any = connect(None)
    cache = CurrentUserCache(embedded, LONG, LONG)
    await cache.invalidate(42, 2)
    await embedded.expire("user:{42}:floor", 10)
    await cache.invalidate(42, 2)
    assert await embedded.ttl("user:{42}:floor") > LONG
