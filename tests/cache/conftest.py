"""A clock to be set: windows of hours are too long to wait for."""

import pytest

from contactsvc.cache import pause, process_storage


class Clock:
    """Stands in for the module ``time``."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of what is counted and remembered in the process."""
    clock = Clock()
    for module in (pause, process_storage):
        monkeypatch.setattr(module, "time", clock)
    return clock
