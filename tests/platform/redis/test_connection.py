"""What a URL of several servers comes to in the library's words."""

from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import TIMEOUT, connect, unreachable


def told(pool: Any, *names: str) -> list[Any]:
    return [pool.connection_kwargs.get(name) for name in names]


@pytest.mark.parametrize("tls", [False, True])
async def test_sentinels_and_primary_have_users_of_their_own(tls: bool) -> None:
    redis = connect(
        f"redis{'s' if tls else ''}+sentinel://me:a%40b@one,[::1]:5000/mymaster/3"
        "?sentinel_username=watcher&sentinel_password=c%40d"
    )
    assert isinstance(redis, Redis)
    pool: Any = redis.connection_pool
    assert pool.service_name == "mymaster"
    assert told(pool, "username", "password", "db", "socket_timeout") == ["me", "a@b", 3, TIMEOUT]
    sentinels = [sentinel.connection_pool for sentinel in pool.sentinel_manager.sentinels]
    assert [told(p, "host", "port") for p in sentinels] == [["one", 26379], ["::1", 5000]]
    for other in sentinels:
        assert told(other, "username", "password") == ["watcher", "c@d"]
        assert told(other, "db", "socket_timeout") == [0, TIMEOUT]
        assert ("SSL" in other.connection_class.__name__) is tls
    assert ("SSL" in pool.connection_class.__name__) is tls
    await redis.aclose()


@pytest.mark.parametrize("tls", [False, True])
async def test_all_nodes_have_one_user(tls: bool) -> None:
    redis = connect(f"redis{'s' if tls else ''}+cluster://me:secret@127.0.0.1,[::1]:7001")
    assert isinstance(redis, Cluster)
    nodes = list(redis.nodes_manager.startup_nodes.values())
    assert [(node.host, node.port) for node in nodes] == [("127.0.0.1", 6379), ("::1", 7001)]
    for node in nodes:
        assert told(node, "username", "password") == ["me", "secret"]
        assert ("SSL" in node.connection_class.__name__) is tls
    await redis.aclose()


async def test_what_the_url_says_counts() -> None:
    redis: Any = connect("redis+sentinel://one/mymaster?socket_timeout=2")
    assert told(redis.connection_pool, "socket_timeout") == [2.0]
    await redis.aclose()


async def test_a_client_without_a_server_fails_at_once_as_if_redis_were_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pauses: list[float] = []

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr("redis.asyncio.retry.sleep", pause)
    redis = unreachable()

    with pytest.raises(RedisError):
        await redis.ping()

    assert pauses == []
    await redis.aclose()
