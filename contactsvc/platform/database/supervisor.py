"""Starts the embedded PostgreSQL again where it has been killed, while the service runs."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from contactsvc.platform import background
from contactsvc.platform.database.embedded import revive

logger = logging.getLogger(__name__)

CHECK_INTERVAL: Final = 0.5
"""Seconds between two checks of the server's process."""


@asynccontextmanager
async def supervised(folder: Path, interval: float = CHECK_INTERVAL) -> AsyncIterator[None]:
    """Supervise the server on ``folder`` until the context is left.

    Args:
        folder: The server's data folder.
        interval: Seconds between two checks.
    """
    task = asyncio.create_task(_supervise(folder, interval), name="supervise PostgreSQL")
    try:
        yield
    finally:
        await background.stop(task)


async def _supervise(folder: Path, interval: float) -> None:
    is_failing = False
    while True:
        await asyncio.sleep(interval)
        # To the end, even if this is cancelled: nobody would look after a server half started.
        revival = asyncio.ensure_future(asyncio.to_thread(revive, folder))
        try:
            if await _uninterrupted(revival):
                logger.warning("The embedded PostgreSQL had ended, and has been started again.")
            is_failing = False
        except Exception as error:  # noqa: BLE001 - the next time may be better
            if not is_failing:
                logger.error("%s", error)  # noqa: TRY400 - one line, and not once a second
            is_failing = True


async def _uninterrupted(work: "asyncio.Future[bool]") -> bool:
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise
