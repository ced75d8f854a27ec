"""The client of a Redis Cluster fails as that of one server does, node by node."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import connect
from tests.support.redis_cluster import RedisCluster
from tests.support.redis_server import REDIS_SERVER
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.process

SCRIPT = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])"
USERS = range(1, 10)


def key(user_id: int) -> str:
    return f"user:{{{user_id}}}"


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisCluster]:
    """Three nodes for all tests here: it takes them two seconds to find together."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    cluster = RedisCluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.kill()


@pytest.fixture
async def redis(nodes: RedisCluster) -> AsyncIterator[Cluster]:
    """A client that has not asked anything yet."""
    redis = connect(nodes.url, PATIENCE)
    assert isinstance(redis, Cluster)
    yield redis
    await redis.aclose()


@pytest.fixture
def dead(nodes: RedisCluster) -> Iterator[int]:
    """The number of the node that holds the first user's keys, which the test kills."""
    number = nodes.node_of(1)
    yield number
    nodes.nodes[number].kill()  # a test that failed may not have come to it
    nodes.nodes[number].start()
    nodes.wait()


def connections(nodes: RedisCluster, but: int) -> int:
    """Return how many connections the nodes have, one of them left out."""
    clients = [client for number, client in enumerate(nodes.clients) if number != but]
    asking = "client|list"
    return sum(each["cmd"] != asking for client in clients for each in client.client_list())


async def test_where_nobody_answers_it_fails_as_one_server_does(unused_tcp_port: int) -> None:
    redis = connect(f"redis+cluster://127.0.0.1:{unused_tcp_port}", PATIENCE)
    assert isinstance(redis, Cluster)
    for attempt in (redis.get("x"), redis.mget(key(1), key(1)), redis.ping()):
        with pytest.raises(RedisConnectionError):
            await attempt
    assert redis.node_of(key(1)) == ""
    await redis.aclose()


async def test_a_key_is_held_by_the_node_that_has_it(nodes: RedisCluster, redis: Cluster) -> None:
    assert redis.node_of(key(1)) == "", "nobody has been asked yet"
    for user_id in USERS:
        await redis.set(key(user_id), "x")
        assert nodes.client_of(user_id).exists(key(user_id))
        held = nodes.nodes[nodes.node_of(user_id)]
        assert redis.node_of(key(user_id)) == f"127.0.0.1:{held.port}"
        assert redis.node_of(f"{key(user_id)}:floor") == redis.node_of(key(user_id))


async def test_what_a_dead_node_does_not_hold_goes_on(
    nodes: RedisCluster, redis: Cluster, dead: int
) -> None:
    script = redis.register_script(SCRIPT)
    assert await script(keys=[key(1)], args=["x"]) == b"x"
    await redis.ping()
    nodes.nodes[dead].kill()

    with pytest.raises(RedisError):
        await redis.ping()
    for user_id in USERS:
        if nodes.node_of(user_id) == dead:
            with pytest.raises((RedisError, OSError)):
                await script(keys=[key(user_id)], args=["x"])
        else:
            nodes.client_of(user_id).script_flush()  # a restarted node knows no script either
            assert await script(keys=[key(user_id)], args=["y"]) == b"y"


async def test_after_a_failure_no_connection_is_left_open(
    nodes: RedisCluster, redis: Cluster, dead: int
) -> None:
    for user_id in USERS:
        await redis.set(key(user_id), "x")
    assert connections(nodes, but=dead) >= len(nodes.nodes) - 1
    nodes.nodes[dead].kill()
    with pytest.raises((RedisError, OSError)):
        await redis.get(key(1))

    await redis.aclose()

    async with asyncio.timeout(PATIENCE):
        while connections(nodes, but=dead):
            await asyncio.sleep(0.01)  # a server notices by itself that somebody is gone
    assert connections(nodes, but=dead) == 0
