"""Waiting for what tells nobody that it has happened."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from contextlib import suppress
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


async def until_accepted(port: int) -> None:
    """Let a server of this loop, at a port of this machine, make each connection that it was sent.

    One that is closed while it makes a connection does not know it yet, and leaves it open. The
    kernel hands connections on in the order in which they came: so none is left that is older than
    one that is opened here.
    """
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(10):  # one round accepts, the next two make the transport and the protocol
        await asyncio.sleep(0)
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
