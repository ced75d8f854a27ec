"""A lost or busy PostgreSQL is Unavailable: in bounded time, and nothing else is ever raised."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import cast
from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database import database
from contactsvc.platform.database.client import ServiceClient
from contactsvc.platform.errors import NotFound, Unavailable
from tests.support.database import KILL, PATIENT, until_none_is_open, waiting
from tests.support.loop_clock import LoopClock
from tests.support.services import ignore
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.own_app, pytest.mark.usefixtures("no_requests_yet")]


USERS = UserRepository(ignore, address_books)
CONTACTS = ContactRepository(1)

NUMBERS = itertools.count()

Work = Callable[[], Awaitable[object]]


async def change_nothing() -> None:
    """Begin a transaction, lock, and find nobody."""
    with pytest.raises(NotFound):
        await USERS.edit(10**9, {"name": "x"})


WORK: dict[str, Work] = {
    "read": lambda: CONTACTS.count(ContactFilter()),
    "insert": lambda: USERS.create(f"x{next(NUMBERS)}@example.com", "hash", ""),
    "transaction": change_nothing,
}
each_work = pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())


@pytest.fixture
async def pool_of_one(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[None]:
    """The ORM on a pool of one connection, the only one that there is."""
    await until_none_is_open(pg)
    async with database(postgres_url, pool_size=1, request_timeout=PATIENT):
        yield


async def outcome(work: Work, bound: float | None = PATIENCE) -> str:
    """Do some work and say whether it was done or PostgreSQL away; no error else is let pass."""
    try:
        await asyncio.wait_for(work(), bound)
    except Unavailable:
        return "unavailable"
    return "done"


@each_work
async def test_a_pool_without_a_free_connection_is_unavailable_soon(
    pool_of_one: None, work: Work
) -> None:
    taken, let_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with in_transaction():
            taken.set()
            await let_go.wait()

    clock = LoopClock()
    holder = asyncio.create_task(hold())
    await taken.wait()
    turned_away = asyncio.create_task(outcome(work, bound=None))
    await until(lambda: waiting() == 1)

    try:
        clock.move(PATIENT / 2)
        await asyncio.sleep(0.01)
        assert not turned_away.done()
        clock.move(PATIENT / 2)
        assert await asyncio.wait_for(turned_away, PATIENCE) == "unavailable"
    finally:
        let_go.set()
        await holder
    assert await asyncio.create_task(outcome(work)) == "done"


@each_work
async def test_after_idle_connections_were_killed_the_work_goes_on(
    pool_of_one: None, pg: asyncpg.Connection, work: Work
) -> None:
    assert await outcome(WORK["read"]) == "done"
    assert await pg.fetchval(KILL) == 1
    # The first may meet the dead connection; whoever comes next must not.
    assert "done" in [await outcome(work), await outcome(work)]
    assert await outcome(WORK["read"]) == "done"
    assert await outcome(WORK["transaction"]) == "done"


@pytest.mark.parametrize("then", ["query", "leave", "raise"])
async def test_a_transaction_whose_connection_is_killed_is_unavailable(
    pool_of_one: None, pg: asyncpg.Connection, then: str
) -> None:
    async def transaction() -> None:
        async with in_transaction() as connection:
            await connection.execute_query("SELECT 1")
            assert await pg.fetchval(KILL) == 1
            if then == "query":
                await connection.execute_query("SELECT 1")
            if then == "raise":
                raise NotFound

    # Left without an error, a commit that never came to PostgreSQL would pass as done.
    with pytest.raises((Unavailable, NotFound) if then == "raise" else Unavailable):
        await transaction()
    for work in WORK.values():
        assert await outcome(work) == "done"


async def test_many_requests_at_once_share_a_small_pool(pool_of_one: None) -> None:
    outcomes = await asyncio.gather(*(outcome(WORK["read"]) for _ in range(50)))
    assert outcomes == ["done"] * 50


@pytest.mark.parametrize(
    "url",
    [
        "postgres://postgres@127.0.0.1:1/contacts",
        "postgres://postgres@/contacts?host=/nowhere",
        "postgres://postgres@nowhere.invalid/contacts",
    ],
    ids=["no server", "no socket", "no host"],
)
async def test_a_server_that_is_not_there_is_unavailable(url: str) -> None:
    async with database(url, request_timeout=PATIENT):
        for work in WORK.values():
            assert await outcome(work) == "unavailable"


async def test_a_database_that_is_not_there_is_unavailable(postgres_url: str) -> None:
    url = urlsplit(postgres_url)._replace(path="/there_is_none").geturl()
    async with database(url, request_timeout=PATIENT):
        for work in WORK.values():
            assert await outcome(work) == "unavailable"


async def test_an_account_that_postgresql_does_not_know_is_unavailable(postgres_url: str) -> None:
    async with database(
        postgres_url.replace("postgres@", "nobody_at_all@"), request_timeout=PATIENT
    ):
        for work in WORK.values():
            assert await outcome(work) == "unavailable"


@each_work
async def test_a_connection_that_dies_while_it_is_released_harms_nobody(
    pool_of_one: None, pg: asyncpg.Connection, work: Work
) -> None:
    """A statement's work is done by then; and this very task goes on working after it."""
    async with get_connection("default").acquire_connection() as connection:
        await connection.execute("BEGIN")  # which its release has to roll back
        assert await pg.fetchval(KILL) == 1

    assert await outcome(work) == "done"


async def test_whoever_still_waits_when_the_pool_is_closed_opens_no_other(
    postgres_url: str, pg: asyncpg.Connection
) -> None:
    """Nobody would close it: a scrape that goes on after the service has ended, say."""
    await until_none_is_open(pg)
    async with database(postgres_url, pool_size=1, request_timeout=PATIENT) as context:
        pooled = await cast(ServiceClient, context.db()).acquire()
        late = asyncio.create_task(outcome(WORK["read"]))
        await until(lambda: waiting() == 1)
        releasing = asyncio.create_task(pooled.release())  # runs while the pool is being closed

    await releasing
    assert await late == "unavailable"
    await until_none_is_open(pg)


async def test_whoever_asks_first_is_served_first(
    postgres_url: str, pg: asyncpg.Connection
) -> None:
    """In asyncpg's own pool those who have just come overtake, until others are turned away."""
    served: list[int] = []

    async with database(postgres_url, pool_size=1, request_timeout=PATIENT) as context:
        client = cast(ServiceClient, context.db())

        async def ask(number: int) -> None:
            pooled = await client.acquire()
            served.append(number)
            await pooled.release()

        asking: list[asyncio.Task[None]] = []
        async with asyncio.timeout(PATIENCE):
            while len(served) < 20:
                # In each turn of the loop somebody comes, so in that in which a connection is free.
                asking.append(asyncio.create_task(ask(len(asking))))
                await asyncio.sleep(0)
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    assert served == list(range(len(served)))
