"""Tasks that work in the background until they are stopped."""

import asyncio
from typing import Any, Final

RETRY_INTERVAL: Final = 1.0
"""Seconds after which a task that still runs is cancelled once more."""


async def stop(*tasks: asyncio.Task[Any], interval: float = RETRY_INTERVAL) -> None:
    """Cancel tasks and wait until all have ended; their results and errors are dropped.

    One cancellation may not be enough: before Python 3.12 ``asyncio.wait_for``, with which redis-py
    sends, loses a cancellation that arrives just when what it waits for is done
    (https://github.com/python/cpython/issues/86296), and a task that works for ever would go on.

    Args:
        tasks: The tasks to cancel. Those that are done already are left alone.
        interval: Seconds between two cancellations.
    """
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=interval)
    await asyncio.gather(*tasks, return_exceptions=True)
