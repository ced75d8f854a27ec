"""Lets no process use a copy of what has been changed, whether Redis can be told or not."""

import asyncio
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Final

from contactsvc.accounts.current_user import repository as pending_invalidations
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.lease import SETTLING


class Unsettled:
    """Whether some work has changed what Redis could not be told of."""

    def __init__(self) -> None:
        self.is_true = False

    async def settle(self) -> None:
        """Return when what the work has changed counts in every process.

        At once where Redis was told. Where it was not, the others learn it from PostgreSQL while
        this waits.

        Raises:
            Unavailable: PostgreSQL has gone away since, so that some may not have learnt it.
        """
        if self.is_true:
            await asyncio.sleep(SETTLING)
            await pending_invalidations.reach_postgresql()


_UNSETTLED: Final[ContextVar[Unsettled]] = ContextVar("unsettled")


def unsettled() -> Unsettled:
    """Begin some work of this task, such as a request, that is to be settled at its end."""
    work = Unsettled()
    _UNSETTLED.set(work)
    return work


class Invalidation:
    """Tells Redis of changes before they are committed, or else PostgreSQL with them.

    Args:
        cache: Where the copies are.
    """

    def __init__(self, cache: CurrentUserCache) -> None:
        self._cache = cache

    async def user_changed(self, user_id: int, version: int) -> None:
        """Forbid copies of a user below ``version``; call it inside the transaction."""
        if not await self._cache.invalidate(user_id, version):
            await pending_invalidations.put_user(user_id, version)
            _note()

    async def sessions_ended(self, user_id: int, session_ids: Iterable[int]) -> None:
        """Forbid the tokens of sessions of a user's; call it inside the transaction."""
        ids = list(session_ids)
        if not await self._cache.revoke(user_id, ids):
            await pending_invalidations.put_sessions(user_id, ids)
            _note()


def _note() -> None:
    if work := _UNSETTLED.get(None):
        work.is_true = True
