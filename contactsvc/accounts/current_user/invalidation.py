"""Invalidates cached users in every process, whether Redis answers or not."""

import asyncio
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Final

from contactsvc.accounts.current_user import repository as pending_invalidations
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.lease import EXPIRY_WAIT


class InvalidationTracker:
    """Notes whether one task, such as a request, has left an invalidation pending.

    An invalidation is pending where Redis did not answer: it is in PostgreSQL, from where every
    process reads it within the time of a lease.
    """

    def __init__(self) -> None:
        self.is_pending = False

    async def wait_until_applied(self) -> None:
        """Return when every process has stopped using the copies that the task has invalidated.

        That is at once where Redis has taken them. Otherwise it waits until every lease that was
        given before has expired (:data:`EXPIRY_WAIT`).

        Raises:
            Unavailable: PostgreSQL does not answer after the wait, so other processes may not have
                been able to read what is pending.
        """
        if self.is_pending:
            await asyncio.sleep(EXPIRY_WAIT)
            await pending_invalidations.reach_postgresql()


_TRACKER: Final[ContextVar[InvalidationTracker]] = ContextVar("tracker")


def track_invalidations() -> InvalidationTracker:
    """Begin to track the invalidations of the current task; await the result at its end."""
    tracker = InvalidationTracker()
    _TRACKER.set(tracker)
    return tracker


class Invalidation:
    """Invalidates copies in Redis before a change is committed.

    Where Redis does not answer, the invalidation is stored in PostgreSQL together with the change.

    Args:
        cache: The cache that holds the copies.
    """

    def __init__(self, cache: CurrentUserCache) -> None:
        self._cache = cache

    async def user_changed(self, user_id: int, version: int) -> None:
        """Invalidate copies of a user below ``version``; call it inside the transaction."""
        if not await self._cache.invalidate(user_id, version):
            await pending_invalidations.put_user(user_id, version)
            _mark_pending()

    async def sessions_ended(self, user_id: int, session_ids: Iterable[int]) -> None:
        """Invalidate the access tokens of ended sessions; call it inside the transaction."""
        ids = list(session_ids)
        if not await self._cache.revoke(user_id, ids):
            await pending_invalidations.put_sessions(user_id, ids)
            _mark_pending()


def _mark_pending() -> None:
    if tracker := _TRACKER.get(None):
        tracker.is_pending = True
