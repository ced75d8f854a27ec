"""A Redis that has failed is left alone for a moment."""

import pytest

from contactsvc.platform.redis.pause import PAUSE, Pause
from tests.support.clocks import MonotonicClock


def test_it_begins_and_ends(monotonic_clock: MonotonicClock) -> None:
    pause = Pause()
    phases = [pause.is_on]
    pause.begin(TimeoutError())
    for moment in (PAUSE - 0.01, 0.02):
        monotonic_clock.now += moment
        phases.append(pause.is_on)
    assert phases == [False, True, False]


def test_the_log_tells_no_secret(
    monotonic_clock: MonotonicClock, caplog: pytest.LogCaptureFixture
) -> None:
    Pause().begin(ConnectionError("redis://:hunter2@cache"))
    assert [record.getMessage() for record in caplog.records] == [
        "Redis does not answer: ConnectionError"
    ]
