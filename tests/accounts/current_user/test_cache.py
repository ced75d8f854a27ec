"""The cached copies: dropped, refused, and not understood."""

from dataclasses import asdict
from datetime import UTC, datetime

import orjson
import pytest
from redis.asyncio import Redis

from contactsvc.accounts.current_user.cache import CurrentUserCache, _load
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.run_ids import EMBEDDED
from tests.support.cached_users import Lifetimes, fill

MOMENT = datetime(2026, 1, 31, tzinfo=UTC)


def user(version: int) -> CurrentUser:
    return CurrentUser(
        42, "grace@example.com", "", Role.USER, True, True, None, None, MOMENT, version, version
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
        await fill(cache, user(1), session_id)
    await cache.drop_all()
    assert await cache.get(42, 1) is None
    await fill(cache, user(1), 1)
    assert await cache.get(42, 1) == user(1)
    assert await cache.get(42, 2) is None, "its session may have ended unheard"


async def test_floors_and_ended_sessions_stay(cache: CurrentUserCache) -> None:
    await cache.invalidate(42, 2)
    await cache.revoke(42, [1])
    await cache.drop_all()
    await fill(cache, user(1), 2)
    assert await cache.get(42, 2) is None, "older than the floor"
    await fill(cache, user(2), 1)
    assert await cache.get(42, 1) is None, "it was ended"


async def test_a_floor_that_is_written_late_lowers_none(cache: CurrentUserCache) -> None:
    for version in (3, 2):  # the second by a process that could not reach Redis before
        await cache.invalidate(42, version)
    await fill(cache, user(2), 1)
    assert await cache.get(42, 1) is None
    await fill(cache, user(3), 1)
    assert await cache.get(42, 1) == user(3)


async def test_it_is_said_whether_redis_was_told(cache: CurrentUserCache) -> None:
    away = CurrentUserCache(connect("redis://127.0.0.1:1/0"), 60, 900)
    for each, told in ((cache, True), (away, False)):
        assert await each.invalidate(42, 2) is told
        assert await each.revoke(42, [7, 8]) is told
        assert await each.revoke(42, []) is True, "there is nothing to tell"


@pytest.mark.parametrize(
    "copy", [b"", b"{", b"[]", b"null", b"{}", b'{"role": "king"}', b"\x80\x04."]
)
async def test_a_copy_that_cannot_be_read_is_none(
    cache: CurrentUserCache, embedded: Redis, copy: bytes
) -> None:
    """Another version of the service, or somebody else, may have written it."""
    run_id = cache.run_id(42)
    assert run_id
    for prefix in (b"", run_id):
        await fill(cache, user(1), 1)
        await embedded.set("user:{42}", prefix + copy)

        assert await cache.get(42, 1) is None

        await fill(cache, user(1), 1)
        assert await cache.get(42, 1) == user(1)


async def test_a_copy_of_another_run_is_none(cache: CurrentUserCache, embedded: Redis) -> None:
    await fill(cache, user(1), 1)
    for run_id, expected in ((EMBEDDED, user(1)), (b"another!", None)):
        await embedded.set("user:{42}", run_id + orjson.dumps(asdict(user(1))))
        assert await cache.get(42, 1) == expected


async def test_in_a_run_that_is_unknown_nothing_is_stored(
    cache: CurrentUserCache, embedded: Redis
) -> None:
    await cache.fill(user(1), 1, None)
    assert await embedded.keys() == []


async def test_a_copy_is_parsed_again_only_where_it_has_changed(cache: CurrentUserCache) -> None:
    await fill(cache, user(1), 1)
    first = await cache.get(42, 1)
    assert await cache.get(42, 1) is first
    await fill(cache, user(2), 1)
    await cache.fill(user(2), 1, cache.run_id(42))
    assert await cache.get(42, 1) == user(2)


def test_1024_copies_are_kept_parsed() -> None:
    first, *others = (b"run" + orjson.dumps(asdict(user(number))) for number in range(1, 1026))
    _load.cache_clear()
    for copy in (first, *others[:-1], first):
        _load(copy, b"run")
    assert _load.cache_info()[:2] == (1, 1024)
    for copy in (others[-1], others[0]):
        _load(copy, b"run")
    assert _load.cache_info()[:2] == (1, 1026), "the least recently used has made room"


COPY, TOKEN = 1000, 7000
"""Seconds that a copy and an access token live; so long that none ends during a test."""


async def test_every_key_lives_as_long_as_it_matters(redis: Redis) -> None:
    cache = CurrentUserCache(redis, COPY, TOKEN)
    watch = await Lifetimes.begin(redis)
    await cache.invalidate(42, 1)
    await fill(cache, user(1), 7)
    await cache.revoke(42, [8])

    await watch.are(
        {
            "user:{42}": COPY,
            "user:{42}:session:7": COPY,
            "user:{42}:floor": 2 * COPY + 60,
            "user:{42}:session:8": TOKEN + 60,
        }
    )


async def test_other_releases_that_run_beside_find_the_marks(redis: Redis) -> None:
    """While one release takes over from another, they share a Redis: what forbids stays."""
    cache = CurrentUserCache(redis, COPY, TOKEN)
    await cache.invalidate(42, 3)
    await fill(cache, user(3), 7)
    await cache.revoke(42, [8])
    words = {"floor": b"3", "session:8": b"revoked"}
    assert {name: await redis.get(f"user:{{42}}:{name}") for name in words} == words


async def test_a_session_is_known_as_live_no_longer_for_being_seen_again(redis: Redis) -> None:
    cache = CurrentUserCache(redis, COPY, TOKEN)
    await fill(cache, user(1), 7)
    await redis.expire("user:{42}:session:7", 5 * COPY)
    await fill(cache, user(1), 7)
    assert await redis.ttl("user:{42}:session:7") > 2 * COPY, "left as it was"
