"""What the pool is said to hold is what it holds, however its connections end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.database import database
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.metrics import render
from tests.platform.database.test_client import NUMBERS, Work
from tests.support.database import KILL, until_none_is_open, waiting
from tests.support.scrapes import Scrape
from tests.support.services import ignore
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.own_app, pytest.mark.usefixtures("no_requests_yet")]

USERS = UserRepository(ignore, address_books)


async def insert() -> None:
    await USERS.create(f"y{next(NUMBERS)}@example.com", "hash", "")


def states() -> tuple[float, float]:
    """Return how many connections are used and idle."""
    scraped = Scrape(render().decode())
    return (
        scraped.value("db_pool_connections", state="used"),
        scraped.value("db_pool_connections", state="idle"),
    )


@pytest.fixture
async def base(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[tuple[float, float]]:
    """The ORM on a pool of three, with all three open; what there was before comes back."""
    await until_none_is_open(pg)
    before = states()
    async with database(postgres_url, pool_size=3):
        together = asyncio.Barrier(3)
        await asyncio.gather(*(asyncio.create_task(hold(together.wait)) for _ in range(3)))
        assert states() == (before[0], before[1] + 3)
        yield before
    # asyncpg tells of a connection's end in a later turn of the loop.
    await until(lambda: states() == before)


async def hold(while_: Callable[[], Awaitable[object]]) -> None:
    async with in_transaction():
        await while_()


async def fail() -> None:
    with pytest.raises(ZeroDivisionError):
        async with in_transaction():
            raise ZeroDivisionError


@pytest.mark.parametrize("work", [insert, fail], ids=["insert", "transaction that fails"])
async def test_what_is_acquired_is_released(base: tuple[float, float], work: Work) -> None:
    await asyncio.gather(
        *(asyncio.create_task(asyncio.wait_for(work(), PATIENCE)) for _ in range(9))
    )
    assert states() == (base[0], base[1] + 3)


async def test_a_connection_is_used_while_somebody_has_it(base: tuple[float, float]) -> None:
    async with in_transaction():
        assert states() == (base[0] + 1, base[1] + 2)
    assert states() == (base[0], base[1] + 3)


async def test_a_task_that_is_cancelled_keeps_nothing(base: tuple[float, float]) -> None:
    never = asyncio.Event()
    holding = [asyncio.create_task(hold(never.wait)) for _ in range(5)]
    await until(lambda: states()[0] == base[0] + 3 and waiting() == 2)
    for task in holding:
        task.cancel()
    await asyncio.gather(*holding, return_exceptions=True)
    await until(lambda: states()[0] == base[0])
    assert waiting() == 0


async def test_idle_connections_that_are_killed_are_no_more(
    base: tuple[float, float], pg: asyncpg.Connection
) -> None:
    assert await pg.fetchval(KILL) == 3
    # The pool may open one anew at once.
    await until(lambda: states()[0] == base[0] and states()[1] <= base[1] + 1)


async def test_a_connection_that_is_killed_while_it_is_used_is_no_more(
    base: tuple[float, float], pg: asyncpg.Connection
) -> None:
    with pytest.raises(Unavailable):
        async with in_transaction():
            assert await pg.fetchval(KILL) == 3
    await until(lambda: states()[0] == base[0] and states()[1] <= base[1] + 1)
