"""A Redis that has failed is left alone for a moment."""

import pytest

from contactsvc.platform.redis.circuit_breaker import RESET_TIMEOUT, CircuitBreaker
from tests.support.clocks import MonotonicClock


def test_it_opens_and_closes(monotonic_clock: MonotonicClock) -> None:
    breaker = CircuitBreaker()
    phases = [breaker.is_open]
    breaker.trip(TimeoutError())
    for moment in (RESET_TIMEOUT - 0.01, 0.02):
        monotonic_clock.now += moment
        phases.append(breaker.is_open)
    assert phases == [False, True, False]


def test_the_log_tells_no_secret(
    monotonic_clock: MonotonicClock, caplog: pytest.LogCaptureFixture
) -> None:
    CircuitBreaker().trip(ConnectionError("redis://:hunter2@cache"))
    assert [record.getMessage() for record in caplog.records] == [
        "Redis does not answer: ConnectionError"
    ]
