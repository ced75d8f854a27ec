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

LOOK_EVERY: Final = 0.5
"""Seconds between two looks at the server's process."""


@asynccontextmanager
async def supervised(folder: Path, look_every: float = LOOK_EVERY) -> AsyncIterator[None]:
    """Supervise the server on ``folder`` until the context is left.

    Args:
        folder: The server's data folder.
        look_every: Seconds between two looks.
    """
    task = asyncio.create_task(_supervise(folder, look_every), name="supervise PostgreSQL")
    try:
        yield
    finally:
        await background.stop(task)


async def _supervise(folder: Path, look_every: float) -> None:
    in_trouble = False
    while True:
        await asyncio.sleep(look_every)
        # To the end, even if this is cancelled: nobody would look after a server half started.
        looking = asyncio.ensure_future(asyncio.to_thread(revive, folder))
        try:
            if await _to_the_end(looking):
                logger.warning("The embedded PostgreSQL had ended, and has been started again.")
            in_trouble = False
        except Exception as error:  # noqa: BLE001 - the next time may be better
            if not in_trouble:
                logger.error("%s", error)  # noqa: TRY400 - one line, and not once a second
            in_trouble = True


async def _to_the_end(work: "asyncio.Future[bool]") -> bool:
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        await asyncio.wait({work})
        raise
