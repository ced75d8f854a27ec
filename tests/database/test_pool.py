"""What the pool is said to hold is what it holds, however its connections end."""

import asyncio
from collections.abc import AsyncIterator, Callable

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from contactsvc.database import database
from contactsvc.errors import Unavailable
from contactsvc.metrics import render
from contactsvc.repositories.users import UserRepository
from tests.database.test_client import KILL, NUMBERS, Work, ignore
from tests.support.scrapes import Scrape

USERS = UserRepository(ignore)


async def insert() -> None:
    await USERS.create(f"y{next(NUMBERS)}@example.com", "hash", "")


def states() -> tuple[float, float]:
    """Return how many connections are used and idle."""
    scraped = Scrape(render().decode())
    return (
        scraped.value("db_pool_connections", state="used"),
        scraped.value("db_pool_connections", state="idle"),
    )


async def become(fits: Callable[[tuple[float, float]], bool]) -> None:
    """Wait for it; asyncpg tells of a connection's end in a later turn of the loop."""
    async with asyncio.timeout(5):
        while not fits(states()):
            await asyncio.sleep(0.01)


@pytest.fixture
async def base(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[tuple[float, float]]:
    """The ORM on a pool of three, with all three open; what there was before comes back."""
    before = states()
    async with database(postgres_url, pool_size=3):
        await asyncio.gather(*(asyncio.create_task(hold(0.05)) for _ in range(3)))
        assert states() == (before[0], before[1] + 3)
        yield before
    await become(lambda found: found == before)


async def hold(seconds: float) -> None:
    async with in_transaction() as connection:
        await connection.execute_query("SELECT pg_sleep($1)", [seconds])


async def fail() -> None:
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            raise ZeroDivisionError


@pytest.mark.parametrize("work", [insert, fail], ids=["insert", "transaction that fails"])
async def test_what_is_taken_is_given_back(base: tuple[float, float], work: Work) -> None:
    await asyncio.gather(*(asyncio.create_task(asyncio.wait_for(work(), 5)) for _ in range(9)))
    assert states() == (base[0], base[1] + 3)


async def test_a_connection_is_used_while_somebody_has_it(base: tuple[float, float]) -> None:
    async with in_transaction():
        assert states() == (base[0] + 1, base[1] + 2)
    assert states() == (base[0], base[1] + 3)


async def test_a_task_that_is_cancelled_keeps_nothing(base: tuple[float, float]) -> None:
    holding = [asyncio.create_task(hold(30)) for _ in range(5)]
    await become(lambda found: found[0] == base[0] + 3)
    for task in holding:
        task.cancel()
    await asyncio.gather(*holding, return_exceptions=True)
    await become(lambda found: found[0] == base[0])
    assert Scrape(render().decode()).value("db_pool_waiting") == 0


async def test_idle_connections_that_are_killed_are_no_more(
    base: tuple[float, float], pg: asyncpg.Connection
) -> None:
    assert await pg.fetchval(KILL) == 3
    # The pool may open one anew at once.
    await become(lambda found: found[0] == base[0] and found[1] <= base[1] + 1)


async def test_a_connection_that_is_killed_while_it_is_used_is_no_more(
    base: tuple[float, float], pg: asyncpg.Connection
) -> None:
    with pytest.raises(Unavailable):
        async with in_transaction():
            assert await pg.fetchval(KILL) == 3
    await become(lambda found: found[0] == base[0] and found[1] <= base[1] + 1)
