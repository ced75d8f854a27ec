"""Copies as requests make them, and how long what is in Redis lives, told exactly."""

from collections.abc import Mapping
from typing import Self

from redis.asyncio import Redis

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.users.model import CurrentUser


async def fill(cache: CurrentUserCache, user: CurrentUser, session_id: int) -> None:
    """Fill as a request does: it has found nothing, and has read PostgreSQL."""
    await cache.get(user.id, session_id)
    await cache.fill(user, session_id, cache.run_id(user.id))


class Lifetimes:
    """Compares what is left of each key with the time that has gone by in Redis itself."""

    def __init__(self, redis: Redis, begun: float) -> None:
        self._redis = redis
        self._begun = begun

    @classmethod
    async def begin(cls, redis: Redis) -> Self:
        """Begin, before anything is written."""
        return cls(redis, await _now(redis))

    async def are(self, expected: Mapping[str, int], match: str = "*") -> None:
        """Assert that there are these keys alone, each written to live for so many seconds."""
        keys = {key.decode() async for key in self._redis.scan_iter(match)}
        assert keys == expected.keys()
        for key, seconds in expected.items():
            left = await self._redis.pttl(key) / 1000
            gone = await _now(self._redis) - self._begun
            assert left <= seconds <= left + gone + 0.05, (key, seconds, left, gone)


async def _now(redis: Redis) -> float:
    seconds, microseconds = await redis.time()
    return float(seconds) + microseconds / 1e6
