"""What PostgreSQL itself holds of jobs."""

import asyncpg
import pytest

from tests.support.enums import MOMENT

INSERT = "INSERT INTO jobs (name, due_at) VALUES ($1, $2)"


async def test_a_job_is_there_once(pg: asyncpg.Connection) -> None:
    await pg.execute(INSERT, "sweep", MOMENT)
    with pytest.raises(asyncpg.UniqueViolationError):
        await pg.execute(INSERT, "sweep", MOMENT)


async def test_a_job_is_always_due_at_some_time(pg: asyncpg.Connection) -> None:
    with pytest.raises(asyncpg.NotNullViolationError):
        await pg.execute(INSERT, "sweep", None)
