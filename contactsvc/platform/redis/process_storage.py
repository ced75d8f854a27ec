"""Counts for the library ``limits``, kept in this process.

The library has such a storage too, but that one walks through every key at each hit: with a
hundred thousand callers each request would stop the event loop for eight milliseconds.
"""

import heapq
import time
from typing import Final

from limits.aio.storage import Storage

from contactsvc.platform.clock import now

MAX_COUNTS: Final = 200_000
"""Counts kept at once, some 50 MB; past that, those that end soonest are forgotten first."""


class ProcessStorage(Storage):
    """Counts in windows that begin with the first hit, and forgets those that have ended."""

    STORAGE_SCHEME = None

    def __init__(self) -> None:
        super().__init__()
        self._counts: dict[str, tuple[int, float]] = {}
        self._ends: list[tuple[float, str]] = []  # a heap: the next to end comes first

    @property
    def base_exceptions(self) -> tuple[type[Exception], ...]:
        """The errors that the library should catch: none, for nothing here can fail."""
        return ()

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a count and return it; the first hit opens a window of ``expiry`` seconds."""
        self._forget_ended()
        count, end = self._counts.get(key, (0, 0.0))
        if not count:
            end = time.monotonic() + expiry
            heapq.heappush(self._ends, (end, key))
        self._counts[key] = (count + amount, end)
        return count + amount

    async def get(self, key: str) -> int:
        """Return the count of the current window; 0 where there is none."""
        self._forget_ended()
        return self._counts.get(key, (0, 0.0))[0]

    async def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since the epoch."""
        moment = time.monotonic()
        _, end = self._counts.get(key, (0, moment))
        return now().timestamp() + end - moment

    async def clear(self, key: str) -> None:
        """Forget a count."""
        self._counts.pop(key, None)

    async def reset(self) -> int:
        """Forget every count, and return how many there were."""
        size = len(self._counts)
        self._counts.clear()
        self._ends.clear()
        return size

    async def check(self) -> bool:
        """Return True: there is no server that could be away."""
        return True

    def _forget_ended(self) -> None:
        moment = time.monotonic()
        while self._ends and (self._ends[0][0] <= moment or len(self._ends) > MAX_COUNTS):
            end, key = heapq.heappop(self._ends)
            if self._counts.get(key, (0, 0.0))[1] == end:  # it may be cleared and begun anew
                del self._counts[key]
