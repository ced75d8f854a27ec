"""Removes what nobody needs any more. Every process offers itself, and one of them does it."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from contactsvc.repositories import (
    jobs,
    key_renewal,
    one_time_tokens,
    outbox,
    pending_invalidations,
    sessions,
)

PURGE: Final = "purge"
PURGE_EVERY: Final = 3600.0
RENEW_KEYS: Final = "renew_keys"
RENEW_KEYS_EVERY: Final = 24 * 3600.0
KEPT_DAYS: Final = 30
"""For so long, mail that went well and sessions that have expired can still be looked into."""

logger = logging.getLogger(__name__)


class Housekeeping:
    """Does the jobs that are due.

    Args:
        poll: Seconds between two looks.
    """

    def __init__(self, *, poll: float = 60.0) -> None:
        self._poll = poll

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background, and stop before leaving."""
        task = asyncio.create_task(self._run(), name="housekeeping")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._poll)
            try:
                await purge()
                if await jobs.take(RENEW_KEYS, RENEW_KEYS_EVERY):
                    await renew_keys()
            except Exception as error:  # noqa: BLE001 - the next time will do
                # Its words may hold people's data.
                logger.warning("Nothing could be purged: %s", type(error).__name__)


async def purge() -> None:
    """Remove old mail, expired links and expired sessions, if it is this process' turn."""
    if not await jobs.take(PURGE, PURGE_EVERY):
        return
    mails = await outbox.purge(KEPT_DAYS)
    links = await one_time_tokens.purge()
    ended = await sessions.purge(KEPT_DAYS)
    await pending_invalidations.purge()
    logger.info("Purged %d mails, %d links, %d sessions.", mails, links, ended)


async def renew_keys() -> None:
    """Make the search keys anew that processes of an older release have made."""
    if renewed := await key_renewal.renew():
        logger.info("Made the search keys of %d rows anew.", renewed)
