"""For how long this process may take Redis at its word without asking PostgreSQL again.

What Redis could not be told of a change is written into PostgreSQL, with the change. Each process
reads that several times a second, and each time gets a lease. Whoever made the change answers when
every lease has run out that was given before it: by then each process has read of it, or uses no
copies. Clocks of different machines are never compared, only the lengths of their seconds.
"""

import time
from collections.abc import Collection
from typing import Final

LEASE: Final = 0.75
"""Seconds. Other releases run beside this one, and wait no longer than they know: do not raise."""

SETTLING: Final = LEASE + 0.05
"""Seconds after a commit in which every lease of before runs out, though clocks may drift."""


class Lease:
    """Whose copies in Redis may be used; of nobody before it has been renewed."""

    def __init__(self) -> None:
        self._until = float("-inf")
        self._pending: Collection[int] | None = None
        self._in_doubt = True

    def renew(self, asked_at: float, pending: Collection[int] | None) -> None:
        """Begin another lease.

        Args:
            asked_at: Monotonic time before PostgreSQL was asked.
            pending: The ids of users of whom Redis has not been told all; None is of too many.
        """
        self._until = asked_at + LEASE
        self._pending = pending
        self._in_doubt = False

    def doubt(self) -> None:
        """Note that Redis has failed, and so may lack what others could not tell it."""
        self._in_doubt = True

    def covers(self, user_id: int) -> bool:
        """Return whether Redis is known to have been told all about a user."""
        return time.monotonic() < self._until and self._told(user_id)

    def covered(self, user_id: int) -> bool:
        """Return whether it was, and Redis has not failed since.

        For a PostgreSQL that does not answer: nobody who needs it can have changed anything since.
        """
        return not self._in_doubt and self._told(user_id)

    def _told(self, user_id: int) -> bool:
        return self._pending is not None and user_id not in self._pending
