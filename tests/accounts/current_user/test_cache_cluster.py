"""The cached copies in a Redis Cluster, of which one node is away."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contactsvc.accounts.current_user.cache import Change, CurrentUserCache
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.redis.circuit_breaker import RESET_TIMEOUT
from contactsvc.platform.redis.connection import connect
from tests.accounts.current_user import test_cache as test_current_user
from tests.support.cached_users import fill
from tests.support.clocks import MonotonicClock
from tests.support.redis_cluster import RedisCluster
from tests.support.redis_server import REDIS_SERVER

pytestmark = pytest.mark.process

LONG = 3000
"""Seconds that a test does not see the end of."""


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[RedisCluster]:
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    cluster = RedisCluster(tmp_path)
    yield cluster
    cluster.kill()


@pytest.fixture
async def cache(
    nodes: RedisCluster, monotonic_clock: MonotonicClock
) -> AsyncIterator[CurrentUserCache]:
    redis = connect(nodes.url, timeout=LONG)
    yield CurrentUserCache(redis, LONG, LONG, timeout=LONG)
    await redis.aclose()


def user(user_id: int, version: int = 1) -> CurrentUser:
    return replace(test_current_user.user(version), id=user_id)


async def test_only_those_of_the_node_that_is_away_wait_for_it(
    cache: CurrentUserCache, nodes: RedisCluster, monotonic_clock: MonotonicClock
) -> None:
    dead = nodes.node_of(1)
    ours = [i for i in range(1, 50) if nodes.node_of(i) == dead][:3]
    other = next(i for i in range(1, 50) if nodes.node_of(i) != dead)
    for user_id in (*ours, other):
        await fill(cache, user(user_id), 7)
        assert await cache.get(user_id, 7) == user(user_id)

    nodes.nodes[dead].kill()
    changes = [Change(user_id, version=2) for user_id in (*ours, other)]
    assert await cache.apply(changes) == [changes[-1]]
    await fill(cache, user(other, 2), 7)
    assert await cache.get(other, 7) == user(other, 2)
    assert await cache.get(ours[0], 7) is None

    nodes.nodes[dead].start()
    await asyncio.to_thread(nodes.wait)
    monotonic_clock.now += RESET_TIMEOUT
    assert await cache.apply(changes) == changes
    for user_id in ours:
        await fill(cache, user(user_id), 7)
        assert await cache.get(user_id, 7) is None, "older than the floor"
        await fill(cache, user(user_id, 2), 7)
        assert await cache.get(user_id, 7) == user(user_id, 2)
