"""A job is done by one process of all, and not before it is due."""

import asyncio

import asyncpg
import pytest

from contactsvc.platform.jobs import repository as jobs
from tests.support.locks import race

pytestmark = pytest.mark.usefixtures("orm")


async def test_of_many_processes_one_does_a_job(pg: asyncpg.Connection) -> None:
    for _ in range(2):  # the first time there is no row yet, the second time there is one
        turns = await asyncio.gather(*(jobs.claim("sweep", 3600) for _ in range(10)))

        assert sorted(turns) == [False] * 9 + [True]
        assert not await jobs.claim("sweep", 3600), "not before the hour is over"
        await pg.execute("UPDATE jobs SET due_at = now()")


async def test_of_those_who_see_a_job_due_at_once_one_claims_it(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    assert await jobs.claim("sweep", 0)
    due = "UPDATE jobs SET due_at = now() - interval '1 hour'"
    turns = await race(pg, postgres_url, due, *(jobs.claim("sweep", 3600) for _ in range(3)))
    assert sorted(turns) == [False, False, True]
