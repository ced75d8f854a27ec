"""What the tests of outages share: calls that are told, and calls that succeed again.

What takes how many seconds is measured by ``make bench-outages``; a test waits for what happens.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientResponse

from tests.conftest import problem
from tests.support.waiting import PATIENCE

Call = Callable[[], Awaitable[ClientResponse]]


async def is_unavailable(call: Call) -> None:
    """Assert that a call is told that something is away, and when to try again."""
    async with asyncio.timeout(PATIENCE):
        response = await call()
    await problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) >= 1


async def recovers(call: Call) -> ClientResponse:
    """Repeat a call until it succeeds, and return that answer."""
    async with asyncio.timeout(PATIENCE):
        while (response := await call()).status == 503:
            await asyncio.sleep(0.05)
    assert response.status < 300, await response.text()
    return response


def is_revoked(redis: Any, user_id: int = 1) -> bool:
    """Return whether a Redis has the mark of an ended session of theirs."""
    keys = redis.scan_iter(f"user:{{{user_id}}}:session:*")
    return any(redis.get(key) == b"revoked" for key in keys)
