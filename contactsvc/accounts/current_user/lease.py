"""The lease on the cache: how long this process may use copies in Redis.

An invalidation that Redis did not take is written into PostgreSQL, together with the change. Each
process reads the pending ones several times a second, and each time renews its lease. Whoever made
the change answers when every lease from before it has expired: by then each process has read the
invalidation, or uses no copies. Only durations are measured; the clocks of two machines are never
compared.
"""

import time
from collections.abc import Collection
from typing import Final

LEASE: Final = 0.75
"""Seconds that a lease lasts. Do not raise it: a process of an earlier release, running beside this
one, waits no longer than its own value."""

EXPIRY_WAIT: Final = LEASE + 0.05
"""Seconds after a commit until every earlier lease has expired; 0.05 of them allow for drift."""


class Lease:
    """Says of which users the copies in Redis may be used: of nobody before the first renewal."""

    def __init__(self) -> None:
        self._expires_at = float("-inf")
        self._pending: Collection[int] | None = None
        self._redis_has_failed = True

    def renew(self, asked_at: float, pending: Collection[int] | None) -> None:
        """Begin another lease.

        Args:
            asked_at: Monotonic time before PostgreSQL was asked.
            pending: The ids of users who have pending invalidations, whose copies are not used;
                None means too many to list, so that no copy is used.
        """
        self._expires_at = asked_at + LEASE
        self._pending = pending
        self._redis_has_failed = False

    def note_redis_failure(self) -> None:
        """Note that Redis has failed, so that it may lack invalidations by other processes."""
        self._redis_has_failed = True

    def allows(self, user_id: int) -> bool:
        """Return whether a user's copy may be used: the lease lasts and nothing is pending."""
        return time.monotonic() < self._expires_at and self._is_applied(user_id)

    def allows_without_postgresql(self, user_id: int) -> bool:
        """Return whether a user's copy may be used while PostgreSQL does not answer.

        The lease may have expired, as nobody can change a user without PostgreSQL; but nothing of
        theirs was pending at the last renewal, and Redis has not failed since.
        """
        return not self._redis_has_failed and self._is_applied(user_id)

    def _is_applied(self, user_id: int) -> bool:
        """Return whether Redis had every invalidation of a user at the last renewal."""
        return self._pending is not None and user_id not in self._pending
