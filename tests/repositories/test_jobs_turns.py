"""A job is done by one process of all, and not before it is due."""

import asyncio

import asyncpg
import pytest

from contactsvc.repositories import jobs

pytestmark = pytest.mark.usefixtures("orm")


async def test_of_many_processes_one_does_a_job(pg: asyncpg.Connection) -> None:
    for _ in range(2):  # the first time there is no row yet, the second time there is one
        turns = await asyncio.gather(*(jobs.take("sweep", 3600) for _ in range(10)))

        assert sorted(turns) == [False] * 9 + [True]
        assert not await jobs.take("sweep", 3600), "not before the hour is over"
        await pg.execute("UPDATE jobs SET due_at = now()")
