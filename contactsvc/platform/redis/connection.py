"""The Redis client, or the one in the process for those who have set no REDIS_URL."""

import os
from typing import Any, Final

from redis.asyncio import Redis
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.settings import Settings
from contactsvc.platform.settings.redis_servers import RedisServers

TIMEOUT: Final = Settings.redis_timeout
"""Seconds to wait for Redis. After that, asking PostgreSQL is faster."""

Client = Redis | Cluster


def connect(url: str | None, timeout: float = TIMEOUT) -> Client:
    """Return a client; nothing is sent before its first command.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://``; ``redis+sentinel://`` or
            ``redis+cluster://``, or either with ``rediss``; None is fakeredis in this process.
        timeout: Seconds to wait for a connection, and again for an answer.

    Raises:
        RuntimeError: No URL, and the extra ``embedded`` is not installed.
        ValueError: It is no such URL.
    """
    if url is None:
        return _embedded()
    if "+" not in url.partition("://")[0]:
        return Redis.from_url(url, **_options(timeout))
    servers = RedisServers.parse(url)
    if servers.service is None:
        return _cluster(servers, timeout)
    return _behind_sentinels(servers, servers.service, timeout)


def unreachable() -> Redis:
    """Return a client without a server, whose every command fails at once, as if Redis were away.

    For commands beside a service whose Redis is in its own process: nobody else can reach that.
    """
    return Redis(unix_socket_path=os.devnull, retry=Retry(NoBackoff(), 0))


def is_embedded(redis: Client) -> bool:
    """Return whether the Redis is the one in this process, to which there are no connections."""
    return type(redis).__module__.startswith("fakeredis")


def _options(timeout: float) -> dict[str, Any]:
    return {
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        "health_check_interval": 30,
        # One more try, for a pooled connection may have died idle. Not after a time-out, which
        # would only be waited for once more.
        "retry": Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,)),
    }


def _parsed(servers: RedisServers, timeout: float) -> tuple[list[tuple[str, int]], dict[str, Any]]:
    """Return where the servers are, and what else their URL says, as arguments of the library."""
    parsed: list[dict[str, Any]] = [{**parse_url(url)} for url in servers.urls]
    hosts = [(options.pop("host"), options.pop("port")) for options in parsed]
    options = _options(timeout) | parsed[0]
    options["ssl"] = options.pop("connection_class", None) is SSLConnection
    return hosts, options


class _Primary(Redis):
    """A client of whichever server the Sentinels name as the primary."""

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close its connections, and those to the Sentinels."""
        await super().aclose(close_connection_pool)
        pool: Any = self.connection_pool
        for sentinel in pool.sentinel_manager.sentinels:
            await sentinel.aclose()


def _behind_sentinels(servers: RedisServers, service: str, timeout: float) -> Redis:
    hosts, options = _parsed(servers, timeout)
    # A Sentinel has users of its own, or none.
    own = {name: options.pop(f"sentinel_{name}", None) for name in ("username", "password")}
    own |= {name: options[name] for name in options if name.startswith("ssl")}
    sentinel: Any = Sentinel(hosts, sentinel_kwargs=own | _options(timeout), **options)  # type: ignore[no-untyped-call]
    primary: Redis = sentinel.master_for(service, redis_class=_Primary)
    return primary


def _cluster(servers: RedisServers, timeout: float) -> Cluster:
    hosts, options = _parsed(servers, timeout)
    nodes = [ClusterNode(host, port) for host, port in hosts]
    # Where a part of the keys is away, the others may still be used.
    return Cluster(startup_nodes=nodes, require_full_coverage=False, **options)


def _embedded() -> Redis:
    try:
        from fakeredis import FakeAsyncRedis
    except ModuleNotFoundError as error:
        raise RuntimeError(
            "REDIS_URL is not set and the embedded Redis is not installed: "
            "set it, or pip install 'contactsvc[embedded]'."
        ) from error
    embedded: Redis = FakeAsyncRedis()
    return embedded
