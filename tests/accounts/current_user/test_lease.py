"""How long Redis is taken at its word, and for whom."""

import pytest

from contactsvc.accounts.current_user.lease import EXPIRY_WAIT, LEASE, Lease
from tests.support.clocks import MonotonicClock


@pytest.fixture
def time(monotonic_clock: MonotonicClock, monkeypatch: pytest.MonkeyPatch) -> MonotonicClock:
    monkeypatch.setattr("contactsvc.accounts.current_user.lease.time", monotonic_clock)
    return monotonic_clock


def test_it_covers_nobody_before_it_begins_and_after_it_ends(time: MonotonicClock) -> None:
    lease = Lease()
    assert not lease.allows(1)
    assert not lease.allows_without_postgresql(1)
    lease.renew(time.now, ())
    time.now += LEASE - 0.01
    assert lease.allows(1)
    time.now += 0.01
    assert not lease.allows(1)
    assert lease.allows_without_postgresql(1)


def test_it_counts_from_the_question_and_not_from_the_answer(time: MonotonicClock) -> None:
    lease = Lease()
    lease.renew(time.now - LEASE, ())
    assert not lease.allows(1)


def test_who_changes_something_waits_longer_than_any_lease_of_before() -> None:
    assert EXPIRY_WAIT > LEASE


def test_it_covers_nobody_of_whom_something_is_pending(time: MonotonicClock) -> None:
    lease = Lease()
    lease.renew(time.now, {2})
    assert lease.allows(1)
    assert not lease.allows(2)
    assert not lease.allows_without_postgresql(2)
    lease.renew(time.now, None)
    assert not lease.allows(1)
    assert not lease.allows_without_postgresql(1)


def test_a_redis_that_has_failed_is_not_trusted_until_the_next_lease(time: MonotonicClock) -> None:
    lease = Lease()
    lease.renew(time.now, ())
    lease.note_redis_failure()
    assert lease.allows(1), "what is pending was read"
    assert not lease.allows_without_postgresql(1)
    lease.renew(time.now, ())
    assert lease.allows_without_postgresql(1)
