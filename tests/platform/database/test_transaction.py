"""Transactions as Tortoise begins and ends them."""

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

pytestmark = pytest.mark.usefixtures("orm")


async def write(name: str) -> None:
    insert = "INSERT INTO jobs (name, due_at) VALUES ($1, now())"
    await get_connection("default").execute_query(insert, [name])


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
