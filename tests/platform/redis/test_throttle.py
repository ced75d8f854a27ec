"""Tries are counted, refused past a limit, and forgiven in time."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from limits import RateLimitItem
from redis.asyncio import Redis

from contactsvc.platform.clock import now
from contactsvc.platform.errors import RateLimited
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.shared_counts import PREFIX
from contactsvc.platform.redis.throttle import Policy, Throttle, tiers_of
from tests.support.cached_users import Lifetimes
from tests.support.clocks import Clock, MonotonicClock, let_time_pass
from tests.support.waiting import PATIENCE

EMAIL = "grace@example.com"
HOUR = 3600


def throttle(redis: Redis | None, limit: str) -> Throttle:
    """Return a throttle in which all policies have one limit."""
    return Throttle(dict.fromkeys(Policy, limit), redis, PATIENCE)


@pytest.fixture(params=["process", "redis"])
def counter(request: pytest.FixtureRequest, redis: Redis) -> Redis | None:
    """Where hits are counted."""
    return redis if request.param == "redis" else None


@pytest.fixture
async def away() -> AsyncIterator[Redis]:
    """A Redis that does not answer: nobody may listen at port 1."""
    async with connect("redis://127.0.0.1:1/0") as redis:
        assert isinstance(redis, Redis)
        yield redis


async def refusal(throttle: Throttle, policy: Policy = Policy.LOGIN_ACCOUNT) -> RateLimited:
    with pytest.raises(RateLimited) as error:
        await throttle.hit(policy, EMAIL)
    return error.value


async def allowed(
    throttle: Throttle, tries: int, policy: Policy = Policy.LOGIN_ACCOUNT, key: str = EMAIL
) -> int:
    """Try so often, all at once, and return how many were allowed."""
    hits = (throttle.hit(policy, key) for _ in range(tries))
    results = await asyncio.gather(*hits, return_exceptions=True)
    assert all(result is None or isinstance(result, RateLimited) for result in results)
    return results.count(None)


def numbers(tiers: list[RateLimitItem]) -> list[tuple[int, int]]:
    return [(tier.amount, tier.get_expiry()) for tier in tiers]


@pytest.mark.parametrize(
    ("policy", "text", "expected"),
    [
        (Policy.LOGIN_ACCOUNT, "5/5minutes", [(5, 300), (10, 1800), (20, 10800)]),
        (Policy.MAIL_ACCOUNT, "1 per second", [(1, 1), (2, 6), (4, 36)]),
        (Policy.LOGIN_ACCOUNT, "5/minute;9/hour", [(5, 60), (9, 3600)]),
        (Policy.LOGIN_ADDRESS, "10/minute", [(10, 60)]),
        (Policy.MAIL_ADDRESS, "10/minute", [(10, 60)]),
        (Policy.USER, "600/minute", [(600, 60)]),
    ],
)
def test_tiers(policy: Policy, text: str, expected: list[tuple[int, int]]) -> None:
    assert numbers(list(tiers_of(policy, text))) == expected


@pytest.mark.parametrize("policy", Policy)
async def test_one_too_many_is_refused(counter: Redis | None, policy: Policy) -> None:
    it, begun = throttle(counter, "3/hour"), now()
    for _ in range(3):
        await it.hit(policy, EMAIL)

    error = await refusal(it, policy)

    assert (error.policy, error.limit, error.window) == (policy, 3, HOUR)
    passed = (now() - begun).total_seconds()
    assert HOUR - passed - 1 <= error.retry_after <= HOUR


async def test_others_are_not_concerned(counter: Redis | None) -> None:
    it = throttle(counter, "1/hour")
    await it.hit(Policy.LOGIN_ACCOUNT, EMAIL)
    await refusal(it)

    assert await allowed(it, 1, Policy.LOGIN_ACCOUNT, "ada@example.com") == 1
    assert await allowed(it, 1, Policy.MAIL_ACCOUNT) == 1


async def test_of_many_at_once_no_more_get_through(counter: Redis | None) -> None:
    assert await allowed(throttle(counter, "3/hour"), 20) == 3


async def test_clearing_forgets_every_tier(counter: Redis | None) -> None:
    it = throttle(counter, "1/hour")
    for _ in range(5):  # the third tier allows four
        assert await allowed(it, 1) == 1
        await it.clear(Policy.LOGIN_ACCOUNT, EMAIL)


async def test_clearing_one_policy_leaves_the_others(counter: Redis | None) -> None:
    it = throttle(counter, "1/hour")
    await it.hit(Policy.MAIL_ACCOUNT, EMAIL)
    await it.clear(Policy.LOGIN_ACCOUNT, EMAIL)
    await refusal(it, Policy.MAIL_ACCOUNT)


BOTH = ((Policy.LOGIN_ADDRESS, "192.0.2.1"), (Policy.LOGIN_ACCOUNT, EMAIL))


def unequal(redis: Redis | None, address: str, account: str) -> Throttle:
    """Return a throttle with these limits of sign-ins."""
    limits = {Policy.LOGIN_ADDRESS: address, Policy.LOGIN_ACCOUNT: account}
    return Throttle(dict.fromkeys(Policy, "1/hour") | limits, redis, PATIENCE)


async def refused_by(throttle: Throttle) -> str:
    with pytest.raises(RateLimited) as error:
        await throttle.hit_all(BOTH)
    return error.value.policy


async def test_what_the_first_policy_refuses_does_not_count_for_the_next(
    counter: Redis | None,
) -> None:
    it = unequal(counter, "1/hour", "3/hour")
    await it.hit_all(BOTH)
    assert {await refused_by(it) for _ in range(5)} == {"login-address"}
    assert await allowed(it, 5) == 2


async def test_what_the_last_policy_refuses_has_counted_for_the_first(
    counter: Redis | None,
) -> None:
    it = unequal(counter, "3/hour", "1/hour")
    await it.hit_all(BOTH)
    refusing = [await refused_by(it) for _ in range(3)]
    assert refusing == ["login-account", "login-account", "login-address"]


async def test_what_is_refused_does_not_make_the_wait_longer(
    counter: Redis | None, redis: Redis, monotonic_clock: MonotonicClock
) -> None:
    it = throttle(counter, "1/hour")
    assert await allowed(it, 20) == 1  # the tiers after it allow two and four
    error = await refusal(it)
    assert (error.limit, error.window) == (1, HOUR)

    monotonic_clock.now += error.retry_after  # whether Retry-After is true shows when it is over
    await let_time_pass(redis, error.retry_after)
    await it.hit(Policy.LOGIN_ACCOUNT, EMAIL)

    longer = await refusal(it)
    assert (longer.limit, longer.window) == (2, 6 * HOUR)
    assert longer.retry_after <= longer.window - error.retry_after + 1


async def test_the_wait_grows_with_persistence_and_always_ends(
    monotonic_clock: MonotonicClock,
) -> None:
    it = throttle(None, "5/5minutes")
    waits = []
    tries = 0
    for _ in range(12):
        tries += await allowed(it, 10)
        error = await refusal(it)
        waits.append(error.window)
        monotonic_clock.now += error.retry_after

    grown = [300, 1800, 300, 10800]
    assert waits == grown * 3
    assert tries == 5 * len(waits)


async def test_the_longest_wait_is_told(
    monotonic_clock: MonotonicClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)  # it is looked at twice, and seconds in between would count
    it = throttle(None, "2/minute;3/hour")
    assert await allowed(it, 2) == 2
    monotonic_clock.now += 60
    assert await allowed(it, 2) == 1
    await refusal(it)

    error = await refusal(it)

    assert (error.limit, error.window, error.retry_after) == (3, 3600, 3541)


async def test_redis_learns_no_email(redis: Redis) -> None:
    it = throttle(redis, "3/hour")
    await it.hit(Policy.LOGIN_ACCOUNT, EMAIL)

    keys = [key.decode() async for key in redis.scan_iter()]

    assert len(keys) == 3
    assert all(key.startswith(f"{PREFIX}:") and "grace" not in key for key in keys)
    assert all([0 < await redis.ttl(key) <= HOUR * 36 for key in keys])


@pytest.mark.parametrize(
    ("policy", "windows"),
    [
        (Policy.LOGIN_ADDRESS, [3600]),
        (Policy.LOGIN_ACCOUNT, [3600, 6 * 3600, 36 * 3600]),
        (Policy.MAIL_ADDRESS, [3600]),
        (Policy.MAIL_ACCOUNT, [3600, 6 * 3600, 36 * 3600]),
    ],
)
async def test_counts_live_as_long_as_their_windows(
    redis: Redis, policy: Policy, windows: list[int]
) -> None:
    watch = await Lifetimes.begin(redis)
    await throttle(redis, "3/hour").hit(policy, EMAIL)
    keys = {key.decode() async for key in redis.scan_iter()}
    by_window = {window: key for key in keys for window in windows if window_of(key) == window}
    await watch.are({key: window for window, key in by_window.items()})


def window_of(key: str) -> int:
    """Return the seconds of the window that a key counts in."""
    *_, multiples, granularity = key.split("/")
    return int(multiples) * {"hour": 3600}[granularity]


async def test_another_hit_prolongs_no_window(redis: Redis) -> None:
    it = throttle(redis, "3/hour")
    await it.hit(Policy.LOGIN_ADDRESS, EMAIL)
    [key] = [key async for key in redis.scan_iter()]
    await redis.expire(key, 1800)
    await it.hit(Policy.LOGIN_ADDRESS, EMAIL)
    assert await redis.ttl(key) <= 1800


@pytest.mark.parametrize("policy", [Policy.USER, Policy.SYNC])
async def test_users_cost_redis_nothing(redis: Redis, policy: Policy) -> None:
    it = throttle(redis, "3/hour")
    assert await allowed(it, 5, policy, "1") == 3
    assert await redis.dbsize() == 0


async def test_processes_count_together(redis: Redis) -> None:
    one, other = throttle(redis, "3/hour"), throttle(redis, "3/hour")
    assert await allowed(one, 2) == 2
    assert await allowed(other, 5) == 1
    await one.clear(Policy.LOGIN_ACCOUNT, EMAIL)
    assert await allowed(other, 5) == 3


@pytest.mark.parametrize(("limit", "half"), [("10/hour", 5), ("3/hour", 1), ("1/hour", 1)])
async def test_without_redis_half_is_allowed_but_never_all_or_nothing(
    away: Redis, limit: str, half: int
) -> None:
    it = throttle(away, limit)
    assert await allowed(it, 20) == half
    assert (await refusal(it)).limit == half
    await it.clear(Policy.LOGIN_ACCOUNT, EMAIL)
    assert await allowed(it, 20) == half


async def test_users_do_not_notice_that_redis_is_away(away: Redis) -> None:
    assert await allowed(throttle(away, "10/hour"), 20, Policy.USER, "1") == 10
