"""A deadline for work whose cancellation may itself hang."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from contactsvc.platform.errors import Unavailable

T = TypeVar("T")


async def with_deadline(coro: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return the result of ``coro``, or raise its error, within ``seconds``.

    ``asyncio.timeout`` would cancel late work and wait for that. A server that hangs can keep a
    cancellation waiting, too, so late work is left to finish by itself, and its result or error is
    dropped.

    Raises:
        Unavailable: The deadline has passed.
    """
    task = asyncio.create_task(coro)
    # From the beginning: a caller that is cancelled leaves the work to itself, too.
    task.add_done_callback(lambda done: done.cancelled() or done.exception())
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        raise Unavailable
    return await task
