"""A connection is kept for the next statement if it is in order, and not for long."""

from collections.abc import AsyncIterator
from typing import Any, cast

import asyncpg
import pytest

from contactsvc.platform.database import database
from contactsvc.platform.database.client import ServiceClient
from contactsvc.platform.database.idle import INTERVAL
from tests.support.database import KILL, PATIENT
from tests.support.loop_clock import LoopClock
from tests.support.waiting import until

pytestmark = [pytest.mark.own_app, pytest.mark.usefixtures("no_requests_yet")]


@pytest.fixture
async def client(postgres_url: str) -> AsyncIterator[ServiceClient]:
    """A client with a pool of one connection."""
    async with database(postgres_url, pool_size=1, request_timeout=PATIENT) as context:
        yield cast(ServiceClient, context.db())


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

    clock.move(INTERVAL)
    await until(lambda: in_pool(client) == 1)
    assert await process_id(client) == first


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


async def test_one_that_has_died_is_replaced(client: ServiceClient, pg: asyncpg.Connection) -> None:
    async with client.acquire_connection() as connection:
        old = connection.get_server_pid()
    await pg.execute(KILL)
    await until(connection_is_closed(connection))
    assert await process_id(client) != old


def connection_is_closed(connection: asyncpg.Connection) -> Any:
    def closed() -> bool:
        try:
            return bool(connection.is_closed())
        except asyncpg.InterfaceError:  # the pool has taken it back by itself
            return True

    return closed
