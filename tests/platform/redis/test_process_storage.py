"""Counts in memory: each in its window, and none kept longer than that."""

import pytest

from contactsvc.platform.clock import now
from contactsvc.platform.redis import process_storage
from contactsvc.platform.redis.process_storage import ProcessStorage
from tests.support.clocks import MonotonicClock


async def test_hits_add_up(monotonic_clock: MonotonicClock) -> None:
    storage = ProcessStorage()
    assert await storage.get("a") == 0
    assert [await storage.incr("a", 60), await storage.incr("a", 60, 3)] == [1, 4]
    assert await storage.get("a") == 4
    assert await storage.get("b") == 0


async def test_the_window_begins_with_the_first_hit_and_is_not_prolonged(
    monotonic_clock: MonotonicClock,
) -> None:
    storage = ProcessStorage()
    await storage.incr("a", 60)
    monotonic_clock.now += 59
    assert await storage.incr("a", 60) == 2
    before, end, after = now(), await storage.get_expiry("a"), now()
    assert before.timestamp() + 1 <= end <= after.timestamp() + 1
    monotonic_clock.now += 1
    assert await storage.get("a") == 0
    assert await storage.incr("a", 60) == 1


async def test_what_is_not_counted_has_ended(monotonic_clock: MonotonicClock) -> None:
    before, end, after = now(), await ProcessStorage().get_expiry("a"), now()
    assert before.timestamp() <= end <= after.timestamp()


async def test_a_cleared_count_begins_anew(monotonic_clock: MonotonicClock) -> None:
    storage = ProcessStorage()
    await storage.incr("a", 60)
    await storage.clear("a")
    await storage.clear("nobody")
    monotonic_clock.now += 30
    assert await storage.incr("a", 60) == 1
    monotonic_clock.now += 30  # the first window would end here
    assert await storage.get("a") == 1
    monotonic_clock.now += 30
    assert await storage.get("a") == 0


async def test_nothing_is_kept_past_its_window(monotonic_clock: MonotonicClock) -> None:
    storage = ProcessStorage()
    for number in range(100):
        await storage.incr(str(number), 1 + number)
    monotonic_clock.now += 50
    await storage.get("any")
    assert await storage.reset() == 50
    assert await storage.get("99") == 0


async def test_a_flood_of_keys_is_bounded(
    monotonic_clock: MonotonicClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_storage, "MAX_COUNTS", 10)
    storage = ProcessStorage()
    await storage.incr("long", 3600)
    for number in range(1000):
        await storage.incr(str(number), 60)
    assert await storage.get("long") == 1
    assert await storage.get("0") == 0
    assert await storage.reset() == 10
