"""The Redis client, or the one in the process for those who have set no REDIS_URL."""

from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

TIMEOUT: Final = 0.5
"""Seconds to wait for Redis; past that, PostgreSQL is the faster one."""


def connect(url: str | None) -> Redis:
    """Return a client; nothing is sent before its first command.

    Args:
        url: ``redis://``, ``rediss://`` or ``unix://``; None is fakeredis in this process.

    Raises:
        RuntimeError: No URL, and the extra ``embedded`` is not installed.
    """
    if url is not None:
        return Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            health_check_interval=30,
            retry=Retry(NoBackoff(), 1),  # one more try: a pooled connection may have died idle
        )
    try:
        from fakeredis import FakeAsyncRedis
    except ModuleNotFoundError as error:
        raise RuntimeError(
            "REDIS_URL is not set and the embedded Redis is not installed: "
            "set it, or pip install 'contactsvc[embedded]'."
        ) from error
    embedded: Redis = FakeAsyncRedis()
    return embedded
