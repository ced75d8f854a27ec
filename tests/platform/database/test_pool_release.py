"""A connection that is released costs no round trip, and takes nothing to whoever has it next."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, cast

import asyncpg
import pytest

import contactsvc
from contactsvc.platform.database import database
from contactsvc.platform.database.client import ServiceClient
from tests.support.database import PATIENT

pytestmark = [pytest.mark.own_app, pytest.mark.usefixtures("no_requests_yet")]

LASTING: Final = re.compile(
    r"\bSET (SESSION|TIME ZONE|ROLE)|set_config\(|\b(UN)?LISTEN\b|add_listener|WITH HOLD"
    r"|CREATE TEMP|pg_(try_)?advisory_lock|\bPREPARE\b"
)
"""What stays on a connection after the transaction that it was said in."""

ELSEWHERE: Final = {
    "platform/database/announcements.py": "on a connection of its own, outside of the pool",
    "platform/database/migrations.py": "in a pool of its own, which is closed with the lock",
}


@pytest.fixture
async def client(postgres_url: str) -> AsyncIterator[ServiceClient]:
    """A client with a pool of one connection."""
    async with database(postgres_url, pool_size=1, request_timeout=PATIENT) as context:
        yield cast(ServiceClient, context.db())


async def test_a_release_sends_nothing(client: ServiceClient, pg: asyncpg.Connection) -> None:
    async with client.acquire_connection() as connection:
        pid = await connection.fetchval("SELECT pg_backend_pid() AS the_last_one")
    async with client.acquire_connection() as connection:
        assert connection.get_server_pid() == pid
    last = await pg.fetchval("SELECT query FROM pg_stat_activity WHERE pid = $1", pid)
    assert last == "SELECT pg_backend_pid() AS the_last_one"


async def test_a_transaction_that_was_left_open_is_rolled_back(client: ServiceClient) -> None:
    async with client.acquire_connection() as connection:
        await connection.execute("BEGIN; CREATE TABLE left_open ()")
        await connection.execute("DECLARE left_open CURSOR FOR SELECT 1")
        await connection.execute("SELECT pg_advisory_xact_lock(1); SET LOCAL lock_timeout = 7")
        pid = connection.get_server_pid()

    async with client.acquire_connection() as connection:
        assert connection.get_server_pid() == pid
        assert not connection.is_in_transaction()
        assert await connection.fetchval("SELECT to_regclass('left_open')") is None
        cursor = "SELECT FROM pg_cursors WHERE name = 'left_open'"
        assert await connection.fetch(cursor) == []
        assert await connection.fetchval("SHOW lock_timeout") == "0"
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = $1"
        assert await connection.fetchval(held, pid) == 0


def test_nothing_lasting_is_said_on_a_connection_of_the_pool() -> None:
    """For nothing takes it back when the connection is released."""
    root = Path(contactsvc.__file__).parent
    said = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if LASTING.search(path.read_text("utf-8"))
    }
    assert said == ELSEWHERE.keys()
