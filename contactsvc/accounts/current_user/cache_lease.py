"""Renews the lease on the copies in Redis, and applies pending invalidations to Redis."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from contactsvc.accounts.current_user.cache import Change, CurrentUserCache
from contactsvc.accounts.current_user.lease import LEASE, Lease
from contactsvc.accounts.current_user.pending_invalidations import (
    LIMIT,
    Pending,
    PendingInvalidations,
)
from contactsvc.platform import background
from contactsvc.platform.errors import Unavailable

RENEWED_EVERY: Final = LEASE / 3
"""Seconds between renewals; one may fail or be late without the lease expiring."""

logger = logging.getLogger(__name__)


class CacheLease:
    """Renews the lease in the background. Each process has one, and any applies what is pending.

    Args:
        lease: The lease to renew.
        cache: The cache that pending invalidations are applied to.
        pending: The pending invalidations in PostgreSQL.
    """

    def __init__(
        self, lease: Lease, cache: CurrentUserCache, pending: PendingInvalidations
    ) -> None:
        self._lease = lease
        self._cache = cache
        self._pending = pending
        self._applying: asyncio.Task[None] | None = None
        self._is_failing = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run in the background while the context lasts; it begins after the first attempt."""
        await self.renew()
        task = asyncio.create_task(self._run(), name="cache lease")
        try:
            yield
        finally:
            await background.stop(task)  # which may start self._applying until then
            if self._applying is not None:
                await background.stop(self._applying)
            self._pending.close()

    async def renew(self) -> None:
        """Renew the lease once, and apply what is pending in the background.

        Without PostgreSQL the lease is not renewed, and Redis is checked: if it fails meanwhile,
        it may lack invalidations of other processes.
        """
        asked_at = time.monotonic()
        try:
            pending = await self._pending.read()
        except Unavailable:
            if await self._cache.is_away():
                self._lease.note_redis_failure()
        except Exception as error:  # noqa: BLE001 - without a lease PostgreSQL is asked
            self._log_once(error)
        else:
            self._is_failing = False
            users = {change.user_id for change in pending}
            self._lease.renew(asked_at, users if len(pending) < LIMIT else None)
            # In a task, as renewals must not wait for a Redis that does not answer.
            if pending and (self._applying is None or self._applying.done()):
                self._applying = asyncio.create_task(self._apply(pending), name="invalidations")

    async def _apply(self, pending: Sequence[Pending]) -> None:
        changes = {Change(*change[1:]): change.id for change in pending}
        try:
            ids = [changes[change] for change in await self._cache.apply(changes)]
            if ids:
                await self._pending.remove(ids)
        except Exception as error:  # noqa: BLE001 - it is tried again
            self._log_once(error)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            await self.renew()

    def _log_once(self, error: Exception) -> None:
        """Log the type of an error once, without its message, which may have personal data."""
        if not self._is_failing:
            logger.warning("The cache's lease cannot be renewed: %s", type(error).__name__)
        self._is_failing = True
