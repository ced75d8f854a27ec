"""Waiting for what tells nobody that it has happened."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import Final

PATIENCE: Final = 120
"""Seconds after which a test is taken to hang; no machine is so slow that it works and takes that.

It is no promise of the service's: those are measured by the benchmarks.
"""


async def until(condition: Callable[[], Awaitable[object] | object]) -> None:
    """Ask again and again until ``condition`` returns, or gives when awaited, something true."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = condition()
            if await answer if inspect.isawaitable(answer) else answer:
                return
            await asyncio.sleep(0.01)
