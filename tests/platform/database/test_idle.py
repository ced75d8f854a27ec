"""A connection is kept for the next statement if it is in order, and not for long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any, cast

import asyncpg
import pytest

from contactsvc.platform.database import database, idle
from contactsvc.platform.database.client import ServiceClient
from contactsvc.platform.database.idle import INTERVAL
from contactsvc.platform.errors import Unavailable
from tests.support.database import KILL, PATIENT, used, waiting
from tests.support.loop_clock import LoopClock, rounds
from tests.support.waiting import until

pytestmark = [pytest.mark.own_app, pytest.mark.usefixtures("no_requests_yet")]


@pytest.fixture(params=[1])
async def client(postgres_url: str, request: pytest.FixtureRequest) -> AsyncIterator[ServiceClient]:
    """A client with a pool of one connection, or of as many as the test says."""
    async with database(postgres_url, pool_size=request.param, request_timeout=PATIENT) as context:
        yield cast(ServiceClient, context.db())


@pytest.fixture
def kept_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no connection go back to the pool only because its time is over."""
    monkeypatch.setattr(idle, "INTERVAL", 10 * PATIENT)


async def process_id(client: ServiceClient) -> int:
    """Run a statement and return the id of the process that answered it."""
    async with client.acquire_connection() as connection:
        return int(await connection.fetchval("SELECT pg_backend_pid()"))


def in_pool(client: ServiceClient) -> int:
    """Return how many connections asyncpg's pool has in hand."""
    pool: Any = client._pool
    return int(pool.get_idle_size())


async def test_it_goes_back_to_the_pool_when_nobody_uses_it(client: ServiceClient) -> None:
    clock = LoopClock()
    first = await process_id(client)
    assert in_pool(client) == 0, "it is kept"
    assert await process_id(client) == first

    for _ in range(2):
        clock.move(INTERVAL)
        await until(lambda: in_pool(client) == 1)
        assert await process_id(client) == first
        assert in_pool(client) == 0, "it is kept again"


async def test_it_is_kept_for_as_long_whatever_was_kept_before(client: ServiceClient) -> None:
    clock = LoopClock()
    await process_id(client)
    clock.move(INTERVAL * 0.6)
    client._renew_pool()
    await process_id(client)
    clock.move(INTERVAL * 0.6)
    await rounds()
    assert in_pool(client) == 0


async def test_it_is_counted_as_idle_and_takes_its_turn(client: ServiceClient) -> None:
    for _ in range(3):
        async with client.acquire_connection():
            assert (used(), client._turns.locked()) == (1, True)
        assert (used(), client._turns.locked()) == (0, False)


@pytest.mark.usefixtures("kept_long")
async def test_whoever_waits_for_it_gets_it(client: ServiceClient) -> None:
    async with client.acquire_connection() as connection:
        first = connection.get_server_pid()
        waiter = asyncio.create_task(process_id(client))
        await until(lambda: waiting() == 1)
    assert await waiter == first
    assert in_pool(client) == 0


@pytest.mark.usefixtures("kept_long")
@pytest.mark.parametrize("client", [2], indirect=True)
async def test_the_one_that_was_used_last_is_used_first(client: ServiceClient) -> None:
    """So those that are too many have nothing to do, and the pool closes them."""
    async with client.acquire_connection(), AsyncExitStack() as stack:
        inner = await stack.enter_async_context(client.acquire_connection())
        earlier = inner.get_server_pid()
    assert await process_id(client) != earlier


async def test_one_with_an_open_transaction_is_not_kept(client: ServiceClient) -> None:
    async with client.acquire_connection() as connection:
        await connection.execute("BEGIN")
    assert in_pool(client) == 1
    async with client.acquire_connection() as connection:
        assert not connection.is_in_transaction()


async def test_one_whose_statement_failed_is_not_kept(client: ServiceClient) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with client.acquire_connection() as connection:
            await connection.fetchval("SELECT 1 / 0")
    assert in_pool(client) == 1


async def test_one_of_a_pool_that_was_replaced_is_not_kept(client: ServiceClient) -> None:
    async with client.acquire_connection() as connection:
        old = connection.get_server_pid()
        client._renew_pool()
    assert await process_id(client) != old


async def test_one_that_was_kept_goes_with_its_pool(client: ServiceClient) -> None:
    old = await process_id(client)
    client._renew_pool()
    assert await process_id(client) != old


async def test_none_is_used_while_postgresql_is_away(client: ServiceClient) -> None:
    await process_id(client)
    client.watch.is_away = True
    with pytest.raises(Unavailable):
        await process_id(client)
    client.watch.is_away = False


@pytest.mark.usefixtures("kept_long")
async def test_one_that_has_died_is_replaced(client: ServiceClient, pg: asyncpg.Connection) -> None:
    async with client.acquire_connection() as connection:
        old = connection.get_server_pid()
    await pg.execute(KILL)
    await until(connection_is_closed(connection))
    assert await process_id(client) != old


@pytest.mark.usefixtures("kept_long")
@pytest.mark.parametrize("client", [2], indirect=True)
async def test_one_that_has_died_keeps_no_other_from_being_used(client: ServiceClient) -> None:
    async with client.acquire_connection() as last, client.acquire_connection():
        pass
    last.terminate()
    async with client.acquire_connection(), client.acquire_connection():
        assert used() == 2


@pytest.mark.usefixtures("kept_long")
async def test_one_that_the_pool_has_taken_back_is_replaced(client: ServiceClient) -> None:
    async with client.acquire_connection() as connection:
        old = connection.get_server_pid()
    connection.terminate()
    assert await process_id(client) != old


def connection_is_closed(connection: asyncpg.Connection) -> Any:
    def closed() -> bool:
        try:
            return bool(connection.is_closed())
        except asyncpg.InterfaceError:  # the pool has taken it back by itself
            return True

    return closed
