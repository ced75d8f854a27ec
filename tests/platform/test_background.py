"""A task in the background ends when it is stopped, even one that misses the first call."""

import asyncio

from contactsvc.platform.background import stop
from tests.support.waiting import PATIENCE


async def test_a_task_that_loses_a_cancellation_is_cancelled_again() -> None:
    begun, lost = asyncio.Event(), 0

    async def work() -> None:
        nonlocal lost
        while True:
            begun.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                if lost == 2:
                    raise
                lost += 1

    task = asyncio.create_task(work())
    await begun.wait()

    async with asyncio.timeout(PATIENCE):
        await stop(task, interval=0.01)

    assert task.cancelled()
    assert lost == 2


async def test_what_has_ended_or_fails_stops_nobody() -> None:
    async def fail() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            raise RuntimeError

    async def nothing() -> None:
        pass

    tasks = [asyncio.create_task(work()) for work in (fail, nothing)]
    await asyncio.sleep(0)

    await stop(*tasks)

    assert [type(task.exception()) for task in tasks] == [RuntimeError, type(None)]
