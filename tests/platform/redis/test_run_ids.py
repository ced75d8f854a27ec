"""A Redis that comes back with an old file has told nobody lies: its copies are of another run."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.run_ids import EMBEDDED, RunIds
from tests.accounts.current_user.test_cache import user
from tests.support.cached_users import fill
from tests.support.fault_proxy import FaultProxy
from tests.support.redis_server import REDIS_SERVER, RedisServer

pytestmark = pytest.mark.process

LONG = 3000


@pytest.fixture
def redis_server(tmp_path: Path) -> RedisServer:
    """One that can save what it holds into a file, and reads that when it starts."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    return RedisServer("--dir", str(tmp_path))


@pytest.fixture
async def redis(redis_server: RedisServer) -> AsyncIterator[Redis]:
    async with connect(redis_server.url, timeout=LONG) as redis:
        assert isinstance(redis, Redis)
        yield redis
    redis_server.kill()


async def test_a_copy_is_good_in_one_run_alone(redis: Redis, redis_server: RedisServer) -> None:
    cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG)
    await fill(cache, user(1), 7)
    await fill(cache, user(1), 8)
    before = cache.run_id(42)
    await redis.save()
    await cache.invalidate(42, 2)
    await cache.revoke(42, [7])
    redis_server.kill()
    redis_server.start()

    assert await cache.get(42, 7) is None
    assert await redis.get("user:{42}:session:7"), "it has come back with what it had saved"
    assert cache.run_id(42) not in (None, before)

    await cache.fill(user(2), 8, cache.run_id(42))
    assert await cache.get(42, 8) == user(2)
    assert await cache.get(42, 7) is None, "though the copy is of this run"


async def test_who_read_postgresql_before_fills_for_the_run_before(
    redis: Redis, redis_server: RedisServer
) -> None:
    cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG)
    await cache.get(42, 7)
    before = cache.run_id(42)  # and now PostgreSQL is read
    await cache.invalidate(42, 2)
    redis_server.kill()
    redis_server.start()  # it has lost the floor

    await cache.fill(user(1), 7, before)

    assert await cache.get(42, 7) is None


async def test_a_connection_that_still_reaches_the_run_before_is_given_up(
    redis_server: RedisServer,
) -> None:
    """As where a primary goes on after Sentinels have named another one."""
    other = RedisServer()
    async with (
        FaultProxy(("127.0.0.1", redis_server.port)) as proxy,
        connect(f"redis://127.0.0.1:{proxy.port}", timeout=LONG) as redis,
    ):
        assert isinstance(redis, Redis)
        cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG)
        await fill(cache, user(1), 7)
        proxy._target = ("127.0.0.1", other.port)
        await redis.connection_pool.disconnect(inuse_connections=False)
        await redis.ping()  # reaches the other one; reads have a connection of their own

        await cache.fill(user(2), 7, cache.run_id(42))

        assert await cache.get(42, 7) == user(2)
    for server in (redis_server, other):
        server.kill()


async def test_who_is_told_no_run_id_uses_no_copies(
    redis: Redis, redis_server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with connect(redis_server.url) as administrator:
        await administrator.execute_command("ACL", "SETUSER", "default", "-info")
    caplog.set_level(logging.WARNING)
    cache = CurrentUserCache(redis, LONG, LONG, timeout=LONG)
    for _ in range(2):
        await fill(cache, user(1), 7)
        assert await cache.get(42, 7) is None
        await redis.connection_pool.disconnect()
    assert cache.run_id(42) is None
    [line] = caplog.messages
    assert "run_id" in line
    assert await cache.revoke(42, [7]), "it can be told all the same"


async def test_a_connection_that_is_reset_at_once_is_made_once_more_and_not_for_ever() -> None:
    async with FaultProxy(("127.0.0.1", 1)) as proxy:
        proxy.reset()
        async with connect(f"redis://127.0.0.1:{proxy.port}", timeout=LONG) as redis:
            assert isinstance(redis, Redis)
            RunIds(redis)
            with pytest.raises(RedisConnectionError):
                await redis.get("any")


def test_the_imitation_ends_with_this_process() -> None:
    assert RunIds(connect(None)).of("any") == EMBEDDED
