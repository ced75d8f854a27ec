"""What the tests of outages share: how long a call may take, and how soon all is well again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import monotonic

from aiohttp import ClientResponse

from tests.conftest import problem

logger = logging.getLogger(__name__)

SOON = 2.0
"""Seconds within which a call is told that something is away."""

BACK = 5.0
"""Seconds within which a call succeeds again, counted from when what was away is back."""

Call = Callable[[], Awaitable[ClientResponse]]


@asynccontextmanager
async def within(seconds: float, what: str) -> AsyncIterator[None]:
    """Assert that what is inside takes no longer.

    How long it takes is logged: ``pytest --log-cli-level=INFO`` shows it.
    """
    begin = monotonic()
    yield
    taken = monotonic() - begin
    logger.info("%s: %.2f s", what, taken)
    assert taken < seconds, what


async def is_unavailable(call: Call) -> None:
    """Assert that a call is told soon, and when to try again."""
    async with within(SOON, "503"):
        response = await call()
    await problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1


async def recovers(call: Call) -> ClientResponse:
    """Repeat a call until it succeeds, and return that answer."""
    async with within(BACK, "recovered"):
        while (response := await call()).status == 503:
            await asyncio.sleep(0.05)
    assert response.status < 300, await response.text()
    return response


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    """Wait for what the worker of the outbox does beside the requests."""
    async with asyncio.timeout(20):
        while not await condition():
            await asyncio.sleep(0.02)  # nothing tells
