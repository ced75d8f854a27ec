"""Counts of hits, kept in this process.

The library ``limits`` has such a storage, but that one walks through every key at each hit: with a
hundred thousand callers each request would stop the event loop for eight milliseconds.
"""

import heapq
import time
from collections.abc import Sequence
from typing import Final

from limits import RateLimitItem

MAX_COUNTS: Final = 200_000
"""Counts kept at once, some 50 MB; past that, those that end soonest are forgotten first."""

Key = tuple[str, str, RateLimitItem]
"""Policy, who is counted, and the limit, each of which has a window of its own."""


class _Window:
    """One count; a plain class, because every request of a signed-in user changes one."""

    __slots__ = ("count", "end")

    def __init__(self, end: float) -> None:
        self.count, self.end = 0, end


class ProcessCounts:
    """Counts in windows that begin with the first hit, and forgets those that have ended."""

    def __init__(self) -> None:
        self._windows: dict[Key, _Window] = {}
        self._ends: list[tuple[float, Key]] = []  # a heap: the next to end comes first

    def __len__(self) -> int:
        """Return how many counts are kept."""
        return len(self._windows)

    def hit(self, keys: Sequence[Key], *, count: bool = True) -> dict[RateLimitItem, float]:
        """Count a hit in all windows, or in none of them where one is full.

        Args:
            keys: The windows of one hit. The first hit opens a window.
            count: False only looks for full windows.

        Returns:
            The limits whose windows are full, with the seconds until these end.
        """
        moment = self._forget_ended()
        # Each key is looked up once: the hash of a limit is computed in Python.
        found = [(key, self._windows.get(key)) for key in keys]
        full = {
            key[2]: window.end - moment
            for key, window in found
            if window is not None and window.count >= key[2].amount
        }
        if count and not full:
            for key, window in found:
                (window or self._open(key, moment)).count += 1
        return full

    def clear(self, key: Key) -> None:
        """Forget a count."""
        self._windows.pop(key, None)

    def _open(self, key: Key, moment: float) -> _Window:
        window = self._windows.setdefault(key, _Window(moment + key[2].get_expiry()))
        heapq.heappush(self._ends, (window.end, key))
        return window

    def _forget_ended(self) -> float:
        """Forget what has ended, and return the monotonic time."""
        moment = time.monotonic()
        while self._ends and (self._ends[0][0] <= moment or len(self._ends) > MAX_COUNTS):
            end, key = heapq.heappop(self._ends)
            window = self._windows.get(key)
            if window is not None and window.end == end:  # it may be cleared and begun anew
                del self._windows[key]
        return moment
