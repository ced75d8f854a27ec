"""What a test does to its session stays with it, whatever it shares."""

import asyncpg
import pytest

from tests.support.accounts import add_account
from tests.support.lazy_connection import LazyConnection, is_stateless
from tests.support.shared_service import SharedDatabase

OF_SESSION = [
    "SET lock_timeout = '7s'",
    "BEGIN",
    "LOCK TABLE users",
    "LISTEN news",
    "CREATE TEMPORARY TABLE note (id int)",
    "SELECT pg_advisory_lock(1)",
    "SELECT set_config('lock_timeout', '7s', false)",
    "SELECT 1; SET lock_timeout = '7s'",
]


@pytest.mark.parametrize("query", OF_SESSION)
def test_what_concerns_a_session_is_not_shared(query: str) -> None:
    assert not is_stateless(query)


async def backend(shared: SharedDatabase) -> int:
    pid: int = await shared.send(lambda connection: connection.fetchval("SELECT pg_backend_pid()"))
    return pid


async def test_a_row_is_read_over_the_shared_connection(pg: LazyConnection) -> None:
    assert await pg.fetchval("SELECT count(*) FROM users") == 0
    assert pg._own is None
    with pytest.raises(asyncpg.UndefinedTableError):
        await pg.execute("SELECT FROM nothing")
    with pytest.raises(AttributeError, match="opened"):
        pg.get_server_pid()


async def test_a_session_is_the_tests_own_from_then_on(
    pg: LazyConnection, shared_database: SharedDatabase
) -> None:
    await pg.execute("SET lock_timeout = '7s'")
    assert await pg.fetchval("SELECT current_setting('lock_timeout')") == "7s"
    assert await pg.fetchval("SELECT pg_backend_pid()") != await backend(shared_database)
    setting = "SELECT current_setting('lock_timeout')"
    assert await shared_database.send(lambda connection: connection.fetchval(setting)) == "0"


async def fail_in_a_transaction(pg: LazyConnection) -> None:
    async with pg.transaction():
        await add_account(pg, "grace@example.com")
        assert await pg.fetchval("SELECT count(*) FROM users") == 1
        raise ZeroDivisionError


async def test_a_transaction_is_rolled_back(pg: LazyConnection) -> None:
    with pytest.raises(ZeroDivisionError):
        await fail_in_a_transaction(pg)
    assert await pg.fetchval("SELECT count(*) FROM users") == 0
