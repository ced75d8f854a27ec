"""Removes what has had its time, renews search keys, and asks for mail that is due at an hour.

What is removed is listed in :mod:`contactsvc.retention`. Rows of PostgreSQL are the work of the one
process that claims the job. Files are on the disk of a machine, so each process removes those that
it sees.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Final

from contactsvc.contacts import key_renewal
from contactsvc.contacts.reminders import service as reminders
from contactsvc.platform import background
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH
from contactsvc.platform.jobs import repository as jobs
from contactsvc.platform.settings import Settings
from contactsvc.retention import RETENTION, Entry

PURGE: Final = "purge"
PURGE_INTERVAL: Final = 3600.0
"""Seconds between two purges."""
RENEW_KEYS: Final = "renew_keys"
RENEW_KEYS_INTERVAL: Final = 24 * 3600.0
"""Seconds between two searches for rows with outdated search keys."""
RENEW_CONTACTS: Final = "renew_contacts"
RENEW_CONTACTS_INTERVAL: Final = 60.0
"""Seconds between two searches for contacts alone, which an index finds."""
REMIND: Final = "remind"
REMIND_INTERVAL: Final = 60.0
"""Seconds between two looks for birthday reminders that are due."""

logger = logging.getLogger(__name__)


class Housekeeping:
    """Runs the jobs that are due, in the background.

    Args:
        settings: How long things are kept, and where files are.
        poll: Seconds between two checks for due jobs.
    """

    def __init__(self, settings: Settings, *, poll: float = 60.0) -> None:
        self._settings = settings
        self._poll = poll
        self._files_due = now()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work in the background, and stop before leaving."""
        tasks = [
            asyncio.create_task(self._repeat(self._keep), name="housekeeping"),
            # Apart, as removing much takes its time, and people are told at an hour of theirs.
            asyncio.create_task(self._repeat(_remind), name="birthday reminders"),
        ]
        try:
            yield
        finally:
            await background.stop(*tasks)

    async def _repeat(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            await asyncio.sleep(self._poll)
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the next time will do
                # Its message may contain people's data.
                logger.warning("No housekeeping: %s", type(error).__name__)

    async def _keep(self) -> None:
        if self._files_due <= now():
            self._files_due = now() + timedelta(seconds=PURGE_INTERVAL)
            await self._purge(files=True)
        if await jobs.claim(PURGE, PURGE_INTERVAL):
            await self._purge(files=False)
        if await jobs.claim(RENEW_KEYS, RENEW_KEYS_INTERVAL):
            await renew_keys(self._settings.default_region)
        elif await jobs.claim(RENEW_CONTACTS, RENEW_CONTACTS_INTERVAL):
            await renew_keys(self._settings.default_region, contacts_alone=True)

    async def _purge(self, *, files: bool) -> None:
        """Remove everything whose time is over; where one entry fails, the others go on."""
        for entry in RETENTION:
            try:
                count = await (self._remove_files if files else self._remove_rows)(entry)
            except Exception as error:  # noqa: BLE001 - see above
                logger.warning("Not purged: %s: %s", entry.what, type(error).__name__)
            else:
                if count:
                    logger.info("Purged %d: %s.", count, entry.what)

    async def _remove_rows(self, entry: Entry) -> int:
        if entry.purge is None:
            return 0
        before, total = self._before(entry), 0
        while (count := await entry.purge(before)) >= BATCH:
            total += count
        return total + count

    async def _remove_files(self, entry: Entry) -> int:
        if entry.purge_files is None:
            return 0
        folder = self._settings.data_dir
        return await asyncio.to_thread(entry.purge_files, folder, self._before(entry))

    def _before(self, entry: Entry) -> datetime:
        seconds = getattr(self._settings, entry.setting) if entry.setting else 0
        return now() - timedelta(seconds=seconds)


async def _remind() -> None:
    if await jobs.claim(REMIND, REMIND_INTERVAL):
        await reminders.queue_due()


async def renew_keys(default_region: str | None, *, contacts_alone: bool = False) -> None:
    """Renew the search keys that processes of an older release have written."""
    renew = key_renewal.renew_contacts if contacts_alone else key_renewal.renew
    if renewed := await renew(default_region):
        logger.info("Made the search keys of %d rows anew.", renewed)
