"""A clock to be set: windows of hours are too long to wait for."""

import pytest

from tests.support.clocks import MonotonicClock


@pytest.fixture
def monotonic_clock(monkeypatch: pytest.MonkeyPatch) -> MonotonicClock:
    return MonotonicClock(monkeypatch)
