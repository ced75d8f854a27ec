"""Counts in memory: each in its window, and none kept longer than that."""

import pytest
from limits import RateLimitItem, parse

from contactsvc.platform.redis import process_counts
from contactsvc.platform.redis.process_counts import Key, ProcessCounts
from tests.support.clocks import MonotonicClock

MINUTE = parse("2/minute")


def key(who: str, limit: RateLimitItem = MINUTE) -> Key:
    return ("user", who, limit)


def full(counts: ProcessCounts, *keys: Key) -> list[float | None]:
    """Return the seconds left of each window, None where it has room."""
    return [counts.hit([each], count=False).get(each[2]) for each in keys]


def hit(counts: ProcessCounts, each: Key, times: int) -> None:
    for _ in range(times):
        counts.hit([each])


def test_hits_add_up(monotonic_clock: MonotonicClock) -> None:
    counts = ProcessCounts()
    assert full(counts, key("a")) == [None]
    hit(counts, key("a"), 1)
    assert full(counts, key("a")) == [None]
    hit(counts, key("a"), 1)
    others = [key("b"), ("login-account", "a", MINUTE), key("a", parse("3/minute"))]
    # The same length in other words is another window, as it is in Redis.
    others += [key("a", parse("2/60seconds"))]
    assert full(counts, key("a"), *others) == [60, None, None, None, None]


def test_the_window_begins_with_the_first_hit_and_is_not_prolonged(
    monotonic_clock: MonotonicClock,
) -> None:
    counts = ProcessCounts()
    hit(counts, key("a"), 1)
    monotonic_clock.now += 59
    hit(counts, key("a"), 1)
    assert full(counts, key("a")) == [1]
    monotonic_clock.now += 1
    assert full(counts, key("a")) == [None]
    hit(counts, key("a"), 1)
    assert full(counts, key("a")) == [None]


def test_a_window_that_ends_before_a_hit_is_another(monotonic_clock: MonotonicClock) -> None:
    counts = ProcessCounts()
    hit(counts, key("a"), 1)
    monotonic_clock.now += 60
    hit(counts, key("a"), 2)
    assert full(counts, key("a")) == [60]


def test_a_hit_counts_in_no_window_where_one_is_full(monotonic_clock: MonotonicClock) -> None:
    counts, keys = ProcessCounts(), [key("a"), key("a", parse("3/hour"))]
    assert [counts.hit(keys) for _ in range(2)] == [{}, {}]
    assert [counts.hit(keys) for _ in range(2)] == [{MINUTE: 60}, {MINUTE: 60}]
    monotonic_clock.now += 60
    assert counts.hit(keys) == {}
    assert counts.hit(keys) == {keys[1][2]: 3540}


def test_a_cleared_count_begins_anew(monotonic_clock: MonotonicClock) -> None:
    counts = ProcessCounts()
    hit(counts, key("a"), 2)
    counts.clear(key("a"))
    counts.clear(key("nobody"))
    monotonic_clock.now += 30
    hit(counts, key("a"), 2)
    monotonic_clock.now += 30  # the first window would end here
    assert full(counts, key("a")) == [30]
    monotonic_clock.now += 30
    assert full(counts, key("a")) == [None]


def test_nothing_is_kept_past_its_window(monotonic_clock: MonotonicClock) -> None:
    counts = ProcessCounts()
    for number in range(100):
        hit(counts, key("a", parse(f"1/{1 + number}seconds")), 1)
    monotonic_clock.now += 50
    full(counts, key("any"))
    assert len(counts) == 50


def test_a_flood_of_keys_is_bounded(
    monotonic_clock: MonotonicClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_counts, "MAX_COUNTS", 10)
    counts, long = ProcessCounts(), key("long", parse("1/hour"))
    hit(counts, long, 1)
    for number in range(1000):
        hit(counts, key(str(number), parse("1/minute")), 1)
    assert full(counts, long, key("0", parse("1/minute"))) == [3600, None]
    assert len(counts) == 10
