"""Of many connections, those that cost most or have waited longest make room."""

import pytest

from contactsvc.web.connections import Connections


class Fake:
    """A connection that notes its end.

    Args:
        idle_since: When it began to wait; None is being answered.
    """

    def __init__(self, idle_since: float | None = 0) -> None:
        self.idle = idle_since is not None
        self.idle_since = idle_since or 0
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True


def test_there_are_never_more_than_allowed() -> None:
    connections, busy = Connections(3), Fake(None)
    waiting = [busy, Fake(2), Fake(1), Fake(3), Fake(4)]

    assert [connections.admit(each) for each in waiting] == [True] * 5
    assert [each.aborted for each in waiting] == [False, True, True, False, False]

    connections.remove(waiting[3])
    assert connections.admit(Fake(5))
    assert not waiting[4].aborted


def test_the_busy_are_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    connections = Connections(2)
    busy = [Fake(None), Fake(None)]
    assert all(connections.admit(each) for each in busy)

    assert not any(connections.admit(Fake()) for _ in range(10))
    assert not any(each.aborted for each in busy)
    assert len(caplog.records) == 1, "a flood is not to flood the log"

    connections.remove(busy[0])
    assert connections.admit(Fake(None))
    assert not connections.admit(Fake())
    assert len(caplog.records) == 2


def test_who_holds_most_is_closed_first() -> None:
    connections = Connections(10, max_pending=100)
    small, large, other = Fake(), Fake(), Fake()
    for each in (small, large, other):
        connections.admit(each)

    connections.set_pending(small, 10)
    connections.set_pending(large, 60)
    connections.set_pending(small, 30)
    assert not large.aborted
    connections.set_pending(other, 20)
    assert (small.aborted, large.aborted, other.aborted) == (False, True, False)

    connections.set_pending(large, 1000)  # it is closed, and counts no more
    connections.set_pending(small, 0)
    connections.remove(other)
    connections.set_pending(small, 100)
    assert not small.aborted
