"""Counts of hits, kept in this process.

The library ``limits`` has such a storage, but that one walks through every key at each hit: with a
hundred thousand callers each request would stop the event loop for eight milliseconds.
"""

import heapq
import time
from typing import Final

from limits import RateLimitItem

MAX_COUNTS: Final = 200_000
"""Counts kept at once, some 50 MB; past that, those that end soonest are forgotten first."""

Key = tuple[str, str, RateLimitItem]
"""Policy, who is counted, and the limit, each of which has a window of its own."""


class ProcessCounts:
    """Counts in windows that begin with the first hit, and forgets those that have ended."""

    def __init__(self) -> None:
        self._counts: dict[Key, tuple[int, float]] = {}
        self._ends: list[tuple[float, Key]] = []  # a heap: the next to end comes first

    def __len__(self) -> int:
        """Return how many counts are kept."""
        return len(self._counts)

    def seconds_left(self, key: Key) -> float | None:
        """Return the seconds until a full window ends; None where another hit is allowed."""
        moment = self._forget_ended()
        count, end = self._counts.get(key, (0, 0.0))
        return end - moment if count >= key[2].amount else None

    def add(self, key: Key) -> None:
        """Count a hit; the first one opens the window."""
        moment = self._forget_ended()
        count, end = self._counts.get(key, (0, 0.0))
        if not count:
            end = moment + key[2].get_expiry()
            heapq.heappush(self._ends, (end, key))
        self._counts[key] = (count + 1, end)

    def clear(self, key: Key) -> None:
        """Forget a count."""
        self._counts.pop(key, None)

    def _forget_ended(self) -> float:
        """Forget what has ended, and return the monotonic time."""
        moment = time.monotonic()
        while self._ends and (self._ends[0][0] <= moment or len(self._ends) > MAX_COUNTS):
            end, key = heapq.heappop(self._ends)
            if self._counts.get(key, (0, 0.0))[1] == end:  # it may be cleared and begun anew
                del self._counts[key]
        return moment
