"""Work that PostgreSQL is busy with, and what the watch makes of it: left alone, or given up."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from tortoise.connection import get_connection

from contactsvc.platform.database import watch as watch_module
from contactsvc.platform.errors import Unavailable
from tests.support.database import PATIENT
from tests.support.fault_proxy import FaultProxy
from tests.support.loop_clock import LoopClock
from tests.support.waiting import PATIENCE

SILENCE, ANSWER = PATIENT * watch_module.SILENCE, PATIENT * watch_module.ANSWER

Questions = asyncio.Queue[list[int]]


async def query(statement: str = "SELECT 'answer'") -> object:
    """Return what PostgreSQL answers, the last column of it."""
    _, rows = await get_connection("default").execute_query(statement)
    return list(dict(rows[0]).values())[-1]


async def work() -> object:
    """Keep PostgreSQL busy until the lock is let go, and return its answer."""
    return await query("SELECT pg_advisory_xact_lock(1), 'answer'")


@asynccontextmanager
async def locked(pg: asyncpg.Connection) -> AsyncIterator[None]:
    """Hold the lock that work waits for."""
    await pg.execute("SELECT pg_advisory_lock(1)")
    try:
        yield
    finally:
        await pg.execute("SELECT pg_advisory_unlock_all()")


async def until_at_work(pg: asyncpg.Connection) -> list[int]:
    """Return the processes of PostgreSQL that are at work, once there are any."""
    statement = (
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event = 'advisory'"
    )
    async with asyncio.timeout(PATIENCE):
        while not (rows := await pg.fetch(statement)):
            await asyncio.sleep(0.01)
    return [row["pid"] for row in rows]


async def next_of(questions: Questions) -> list[int]:
    return await asyncio.wait_for(questions.get(), PATIENCE)


@asynccontextmanager
async def left_alone(
    pg: asyncpg.Connection,
    clock: LoopClock,
    questions: Questions,
    work: Callable[[], Coroutine[Any, Any, object]] = work,
) -> AsyncIterator[tuple[list[int], list[int]]]:
    """Assert that work is answered although it was asked about twice.

    Gives between the questions which processes are at work, and which were asked about.
    """
    async with locked(pg):
        working = asyncio.create_task(work())
        at_work = await until_at_work(pg)
        clock.move(SILENCE)
        asked = await next_of(questions)
        yield at_work, asked
        clock.move(SILENCE)
        assert await next_of(questions) == asked
    assert await asyncio.wait_for(working, PATIENCE) == "answer"


async def given_up(
    work: Callable[[], Awaitable[object]], proxy: FaultProxy, clock: LoopClock
) -> None:
    """Assert that work is given up when PostgreSQL has not heard of it for a while."""

    async def do() -> None:
        await work()

    working = asyncio.create_task(do())
    await asyncio.wait_for(proxy.swallowed.wait(), PATIENCE)
    clock.move(SILENCE)
    if not (await asyncio.wait({working}, timeout=PATIENCE))[0]:
        proxy.drop()  # or whatever comes after would wait as well
        pytest.fail("it is waited for")
    with pytest.raises(Unavailable):
        await working
