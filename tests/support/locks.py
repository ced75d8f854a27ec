"""Races decided by PostgreSQL's own locks: everybody is seen to wait before anybody goes on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import asyncpg

from tests.support.waiting import PATIENCE


async def race(
    pg: asyncpg.Connection,
    url: str,
    held: str,
    *contenders: Awaitable[Any],
    meanwhile: Callable[[], Awaitable[object]] | None = None,
) -> list[Any]:
    """Let all contenders wait for the locks of the statement ``held``, and then commit it.

    Args:
        pg: Watches.
        url: Of the database.
        held: The statement.
        contenders: One that ends without having waited fails the test.
        meanwhile: What is done while all of them wait.

    Returns:
        What each returned or raised.
    """
    async with asyncio.timeout(PATIENCE):
        holder = await asyncpg.connect(url)
        tasks: list[asyncio.Future[Any]] = []
        try:
            async with holder.transaction():
                await holder.execute(held)
                tasks = [asyncio.ensure_future(contender) for contender in contenders]
                await waiting(pg, tasks)
                if meanwhile is not None:
                    await meanwhile()
            return await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await holder.close()


async def lock_waiters(pg: asyncpg.Connection, statement: str = "") -> int:
    """Return how many connections to this database wait for a lock, in any statement or in one."""
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        " AND starts_with(query, left($1, 1000))"  # more of a statement is not told
    )
    # In a transaction, pg_stat_activity would go on saying what it has said the first time.
    await pg.execute("SELECT pg_stat_clear_snapshot()")
    count: int = await pg.fetchval(query, statement)
    return count


async def until_locks_wait(pg: asyncpg.Connection, count: int = 1, statement: str = "") -> None:
    """Wait until at least so many connections to this database do, in any statement or in one."""
    async with asyncio.timeout(PATIENCE):
        while await lock_waiters(pg, statement) < count:
            await asyncio.sleep(0.01)  # PostgreSQL tells nobody when somebody waits


async def waiting(
    pg: asyncpg.Connection, tasks: Sequence[asyncio.Future[Any]], others: int = 0
) -> None:
    """Return when each of these tasks waits for a lock, and so many others."""
    while await lock_waiters(pg) != len(tasks) + others:
        ended = [task.result() for task in tasks if task.done()]
        assert not ended, f"went on without the lock: {ended}"
        await asyncio.sleep(0.01)  # PostgreSQL tells nobody when somebody waits


async def passes(pg: asyncpg.Connection, contender: Awaitable[Any]) -> Any:
    """Return what an awaitable returns; that it waits for a lock instead fails the test."""
    task = asyncio.ensure_future(contender)
    look = asyncio.ensure_future(waiting(pg, [task]))
    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait({task, look}, return_when=asyncio.FIRST_COMPLETED)
        assert task.done(), "it waits for a lock"
        return task.result()
    finally:
        for each in (task, look):
            each.cancel()
        await asyncio.gather(task, look, return_exceptions=True)
