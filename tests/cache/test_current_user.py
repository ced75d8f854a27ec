"""The cached copies: dropped, owed, and not understood."""

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from contactsvc.cache.connection import connect
from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.models import CurrentUser, Role

MOMENT = datetime(2026, 1, 31, tzinfo=UTC)


def user(version: int) -> CurrentUser:
    return CurrentUser(
        42, "grace@example.com", "", Role.USER, True, True, None, MOMENT, version, version
    )


@pytest.fixture
def embedded() -> Redis:
    redis = connect(None)
    assert isinstance(redis, Redis)
    return redis


@pytest.fixture
def cache(embedded: Redis) -> CurrentUserCache:
    return CurrentUserCache(embedded, 60, 900)


async def test_copies_and_live_sessions_are_dropped(cache: CurrentUserCache) -> None:
    for session_id in (1, 2):
        await cache.fill(user(1), session_id)
    await cache.drop_all()
    assert await cache.get(42, 1) is None
    await cache.fill(user(1), 1)
    assert await cache.get(42, 1) == user(1)
    assert await cache.get(42, 2) is None, "its session may have ended unheard"


async def test_floors_and_ended_sessions_stay(cache: CurrentUserCache) -> None:
    await cache.invalidate(42, 2)
    await cache.revoke(42, [1])
    await cache.drop_all()
    await cache.fill(user(1), 2)
    assert await cache.get(42, 2) is None, "older than the floor"
    await cache.fill(user(2), 1)
    assert await cache.get(42, 1) is None, "it was ended"


async def test_a_floor_that_is_written_late_lowers_none(cache: CurrentUserCache) -> None:
    for version in (3, 2):  # the second by a process that could not reach Redis before
        await cache.invalidate(42, version)
    await cache.fill(user(2), 1)
    assert await cache.get(42, 1) is None
    await cache.fill(user(3), 1)
    assert await cache.get(42, 1) == user(3)


async def test_only_what_could_not_be_written_is_owed(cache: CurrentUserCache) -> None:
    await cache.invalidate(42, 2)
    assert not cache.is_owed
    away = CurrentUserCache(connect("redis://127.0.0.1:1/0"), 60, 900)
    await away.invalidate(42, 2)
    assert away.is_owed


@pytest.mark.parametrize("copy", ["", "{", "[]", "null", "{}", '{"role": "king"}', b"\x80\x04."])
async def test_a_copy_that_cannot_be_read_is_none(
    cache: CurrentUserCache, embedded: Redis, copy: str | bytes
) -> None:
    """Another version of the service, or somebody else, may have written it."""
    await cache.fill(user(1), 1)
    await embedded.set("user:{42}", copy)

    assert await cache.get(42, 1) is None

    await cache.fill(user(1), 1)
    assert await cache.get(42, 1) == user(1)
