"""Renews the lease on the copies in Redis, and tells Redis what is pending."""

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
"""Seconds; one renewal may fail or be late, and the lease still holds."""

logger = logging.getLogger(__name__)


class CacheLease:
    """Does so in the background. Every process has one, and any of them tells Redis for all.

    Args:
        lease: What is renewed.
        cache: What is told to Redis goes through it.
        pending: What is pending in PostgreSQL.
    """

    def __init__(
        self, lease: Lease, cache: CurrentUserCache, pending: PendingInvalidations
    ) -> None:
        self._lease = lease
        self._cache = cache
        self._pending = pending
        self._telling: asyncio.Task[None] | None = None
        self._in_trouble = False

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background; the first try has been made when this begins."""
        await self.renew()
        task = asyncio.create_task(self._run(), name="cache lease")
        try:
            yield
        finally:
            await background.stop(task)  # which may begin to tell until then
            if self._telling is not None:
                await background.stop(self._telling)
            self._pending.close()

    async def renew(self) -> None:
        """Renew the lease once, and let Redis be told what is pending.

        Without PostgreSQL it is not renewed, and Redis is watched: if it fails meanwhile, others
        may have changed what it was not told of.
        """
        asked_at = time.monotonic()
        try:
            pending = await self._pending.read()
        except Unavailable:
            if await self._cache.is_away():
                self._lease.doubt()
        except Exception as error:  # noqa: BLE001 - without a lease PostgreSQL is asked
            self._complain(error)
        else:
            self._in_trouble = False
            users = {change.user_id for change in pending}
            self._lease.renew(asked_at, users if len(pending) < LIMIT else None)
            # Beside the renewals, which a silent Redis must not keep waiting.
            if pending and (self._telling is None or self._telling.done()):
                self._telling = asyncio.create_task(self._tell(pending), name="tell Redis")

    async def _tell(self, pending: Sequence[Pending]) -> None:
        changes = {Change(*change[1:]): change.id for change in pending}
        try:
            ids = [changes[change] for change in await self._cache.apply(changes)]
            if ids:
                await self._pending.remove(ids)
        except Exception as error:  # noqa: BLE001 - it is tried again
            self._complain(error)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(RENEWED_EVERY)
            await self.renew()

    def _complain(self, error: Exception) -> None:
        """Log what is wrong, once and not with every renewal; its words may hold people's data."""
        if not self._in_trouble:
            logger.warning("The cache's lease cannot be renewed: %s", type(error).__name__)
        self._in_trouble = True
