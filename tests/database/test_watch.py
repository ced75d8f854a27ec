"""What PostgreSQL works on is left alone; only what it does not is given up."""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Collection, Iterator
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from contactsvc.database import database
from contactsvc.database import watch as watch_module
from contactsvc.database.watch import STANDSTILL, Watch
from contactsvc.errors import Unavailable
from contactsvc.settings import Settings
from tests.support import engines
from tests.support.fault_proxy import FaultProxy, Target
from tests.support.pgbouncer import PGBOUNCER, pgbouncer

TIMEOUT = Settings.database_timeout
SILENCE, ANSWER = TIMEOUT * watch_module.SILENCE, TIMEOUT * watch_module.ANSWER
SLOW = SILENCE + ANSWER + 0.3


@pytest.fixture
async def proxy(pg: asyncpg.Connection) -> AsyncIterator[FaultProxy]:
    """A proxy before the PostgreSQL of the run."""
    target: Target = pg._addr if isinstance(pg._addr, str) else pg._addr[:2]
    async with FaultProxy(target) as proxy:
        yield proxy


@pytest.fixture
async def serving(
    proxy: FaultProxy, postgres_url: str, pg: asyncpg.Connection
) -> AsyncIterator[None]:
    """The ORM as requests use it, through the proxy."""
    name, user = await pg.fetchrow("SELECT current_database(), current_user")
    url = f"postgres://{user}@127.0.0.1:{proxy.port}/{name}"
    async with database(url, pool_size=2, request_timeout=TIMEOUT):
        yield


async def sleep(seconds: float) -> None:
    """Let PostgreSQL be busy for so long."""
    await get_connection("default").execute_query(f"SELECT pg_sleep({seconds})")


async def test_what_postgresql_works_on_is_left_alone(serving: None) -> None:
    await sleep(SLOW)
    async with in_transaction():
        await sleep(SLOW)


async def test_a_forgotten_connection_is_given_up(serving: None, proxy: FaultProxy) -> None:
    await sleep(0)
    proxy.half_open()
    begin = monotonic()

    with pytest.raises(Unavailable):
        await sleep(0)

    assert SILENCE - 0.1 <= monotonic() - begin < SILENCE + ANSWER
    await sleep(0)


@pytest.mark.parametrize("then", ["query", "leave"])
async def test_a_savepoint_on_a_forgotten_connection(
    serving: None, proxy: FaultProxy, then: str
) -> None:
    async def work() -> None:
        async with in_transaction(), in_transaction():
            await sleep(0)
            proxy.half_open()
            if then == "query":
                await sleep(0)

    with pytest.raises(Unavailable):
        await work()
    await sleep(0)


async def test_its_locks_are_let_go(
    serving: None, proxy: FaultProxy, pg: asyncpg.Connection
) -> None:
    """Nobody tells PostgreSQL that the client is gone: it would keep them for hours."""

    async def work() -> None:
        async with in_transaction() as connection:
            await connection.execute_query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            proxy.half_open()
            await sleep(0)

    with pytest.raises(Unavailable):
        await work()
    await pg.execute("SELECT FROM users", timeout=1)


@pytest.fixture
def pooled_url(postgres_url: str) -> Iterator[str]:
    """The database by way of a PgBouncer that has one connection to it."""
    if PGBOUNCER is None or engines.DATABASE_URL is None:
        pytest.skip("needs a pgbouncer, and a PostgreSQL with a TCP port")
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with pgbouncer(postgres_url, folder, pool_size=1) as url:
            yield f"{url}?statement_cache_size=0"


async def test_behind_a_pooler_nobody_is_given_up(pooled_url: str) -> None:
    """Its ids are not PostgreSQL's, and who waits for a place in it is silent as well."""
    async with database(pooled_url, 3, request_timeout=TIMEOUT):
        await asyncio.gather(*(sleep(SLOW) for _ in range(3)))


async def test_ids_of_a_pooler_are_not_taken_for_postgresqls(
    serving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncpg.Connection, "get_server_pid", lambda self: 1)
    await sleep(SLOW)


async def test_a_postgresql_that_takes_no_connection_is_not_silent(
    empty_database: str, pg: asyncpg.Connection
) -> None:
    """Nothing can be learnt about the statement then, so it is waited for."""
    name = urlsplit(empty_database).path.strip("/")
    async with database(empty_database, request_timeout=TIMEOUT):
        await sleep(0)
        await pg.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        await sleep(SLOW)


async def test_a_question_that_is_refused_gives_nobody_up(
    serving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    ask = Watch._ask

    async def count(watch: Watch, pids: list[int]) -> Collection[int]:
        nonlocal asked
        asked += 1
        return await ask(watch, pids)

    monkeypatch.setattr(Watch, "_ask", count)
    monkeypatch.setattr(watch_module, "_WORKING", "SELECT 1 / 0 AS own, $1::text AS working")

    await sleep(SLOW)

    assert 0 < asked < 5, "nor is it repeated without a pause"


async def test_a_process_that_stood_still_gives_nobody_up(
    serving: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stand_still(_: Watch, pids: list[int]) -> Collection[int]:
        time.sleep(ANSWER + 2 * STANDSTILL)  # noqa: ASYNC251 - which is the point
        raise TimeoutError

    monkeypatch.setattr(Watch, "_ask", stand_still)

    await sleep(SLOW)


async def test_no_statement_takes_for_ever(
    proxy: FaultProxy, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("contactsvc.database.connection.STATEMENT_TIMEOUT", 1.0)
    name, user = await pg.fetchrow("SELECT current_database(), current_user")
    async with database(
        f"postgres://{user}@127.0.0.1:{proxy.port}/{name}", request_timeout=TIMEOUT
    ):
        begin = monotonic()
        with pytest.raises(Unavailable):
            await sleep(60)
        assert monotonic() - begin < 2
        await sleep(0)
