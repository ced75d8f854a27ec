"""A commit is one, and a transaction is its task's alone."""

import asyncio

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("orm")


async def write(name: str) -> None:
    insert = "INSERT INTO jobs (name, due_at) VALUES ($1, now())"
    await get_connection("default").execute_query(insert, [name])


async def fail() -> None:
    with pytest.raises(OperationalError):
        await get_connection("default").execute_query("SELECT 1 / 0")


async def written(pg: asyncpg.Connection) -> list[str]:
    """Return what others see."""
    return [row["name"] for row in await pg.fetch("SELECT name FROM jobs ORDER BY name")]


async def test_what_is_written_is_seen_after_the_commit(pg: asyncpg.Connection) -> None:
    async with in_transaction():
        await write("a")
        assert await written(pg) == []
    assert await written(pg) == ["a"]


async def test_an_error_leaves_nothing(pg: asyncpg.Connection) -> None:
    async def work() -> None:
        async with in_transaction():
            await write("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await written(pg) == []


async def test_after_a_statement_that_failed_there_is_no_commit(pg: asyncpg.Connection) -> None:
    """PostgreSQL answers it all the same, by a rollback, which asyncpg tells nobody."""

    async def work() -> None:
        async with in_transaction():
            await write("a")
            await fail()

    with pytest.raises(TransactionManagementError) as raised:
        await work()
    assert isinstance(raised.value.__cause__, OperationalError)
    assert await written(pg) == []
    await write("b")
    assert await written(pg) == ["b"]


async def test_a_statement_may_fail_in_what_is_taken_back(pg: asyncpg.Connection) -> None:
    async def part() -> None:
        async with in_transaction():
            await write("b")
            await fail()
            raise ZeroDivisionError

    async with in_transaction():
        await write("a")
        with pytest.raises(ZeroDivisionError):
            await part()
    assert await written(pg) == ["a"]


async def test_a_task_that_is_begun_inside_works_outside(pg: asyncpg.Connection) -> None:
    go_on = asyncio.Event()

    async def work(name: str) -> None:
        await write(name)
        async with in_transaction():
            await write(f"{name} in a transaction")

    async def work_later(name: str) -> None:
        await go_on.wait()
        await work(name)

    async with asyncio.timeout(PATIENCE):
        async with in_transaction():
            await write("a")
            later = asyncio.create_task(work_later("c"))
            await asyncio.create_task(work("b"))
            assert await written(pg) == ["b", "b in a transaction"]
            await asyncio.create_task(fail())
        go_on.set()
        await later
    names = ["a", "b", "b in a transaction", "c", "c in a transaction"]
    assert await written(pg) == names
