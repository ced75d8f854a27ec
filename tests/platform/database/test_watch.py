"""What PostgreSQL works on is left alone; only what it does not is given up."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from contactsvc.platform.database import connection as connection_module
from contactsvc.platform.database import database
from contactsvc.platform.database import watch as watch_module
from contactsvc.platform.database.watch import STANDSTILL, Watch
from contactsvc.platform.errors import Unavailable
from tests.support import engines
from tests.support.database import PATIENT, used
from tests.support.fault_proxy import FaultProxy, Target
from tests.support.loop_clock import LoopClock
from tests.support.pgbouncer import PGBOUNCER, pgbouncer
from tests.support.waiting import PATIENCE, until
from tests.support.watched_work import (
    ANSWER,
    SILENCE,
    Questions,
    given_up,
    left_alone,
    locked,
    next_of,
    query,
    until_at_work,
    work,
)


@pytest.fixture(autouse=True)
def no_statement_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is given up is given up by the watch."""
    monkeypatch.setattr(connection_module, "STATEMENT_TIMEOUT", 100 * PATIENT)


@pytest.fixture
async def clock(pg: asyncpg.Connection) -> LoopClock:
    return LoopClock()


@pytest.fixture
async def proxy(pg: asyncpg.Connection) -> AsyncIterator[FaultProxy]:
    """A proxy before the PostgreSQL of the run."""
    address = (await pg.opened())._addr
    target: Target = address if isinstance(address, str) else address[:2]
    async with FaultProxy(target) as proxy:
        yield proxy


@pytest.fixture
async def proxy_url(proxy: FaultProxy, pg: asyncpg.Connection) -> str:
    name, user = await pg.fetchrow("SELECT current_database(), current_user")
    return f"postgres://{user}@127.0.0.1:{proxy.port}/{name}"


@pytest.fixture
async def serving(proxy_url: str) -> AsyncIterator[None]:
    """The ORM as requests use it, through the proxy."""
    async with database(proxy_url, pool_size=2, request_timeout=PATIENT):
        yield


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> Questions:
    """Which processes PostgreSQL was asked about, each time that it has answered."""
    questions: Questions = asyncio.Queue()
    ask = Watch._ask

    async def listened(watch: Watch, pids: list[int]) -> Collection[int]:
        working = await ask(watch, pids)
        questions.put_nowait(pids)
        return working

    monkeypatch.setattr(Watch, "_ask", listened)
    return questions


@pytest.mark.parametrize("context", [nullcontext, in_transaction], ids=["alone", "transaction"])
async def test_what_postgresql_works_on_is_left_alone(
    serving: None,
    pg: asyncpg.Connection,
    clock: LoopClock,
    questions: Questions,
    context: Callable[[], AbstractAsyncContextManager[Any]],
) -> None:
    async def work_inside() -> object:
        async with context():
            return await work()

    async with left_alone(pg, clock, questions, work_inside) as (at_work, asked):
        assert asked == at_work


async def test_a_forgotten_connection_is_given_up(
    serving: None, proxy: FaultProxy, clock: LoopClock
) -> None:
    await query()
    proxy.half_open()

    await given_up(query, proxy, clock)

    assert await query() == "answer"


@pytest.mark.parametrize("then", ["query", "leave"])
async def test_a_savepoint_on_a_forgotten_connection(
    serving: None, proxy: FaultProxy, clock: LoopClock, then: str
) -> None:
    async def work() -> None:
        async with in_transaction(), in_transaction():
            await query()
            proxy.half_open()
            if then == "query":
                await query()

    await given_up(work, proxy, clock)

    assert await query() == "answer"


async def test_its_locks_are_let_go(
    serving: None, proxy: FaultProxy, clock: LoopClock, pg: asyncpg.Connection
) -> None:
    """Nobody tells PostgreSQL that the client is gone: it would keep them for hours."""

    async def work() -> None:
        async with in_transaction() as connection:
            await connection.execute_query("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
            proxy.half_open()
            await query()

    await given_up(work, proxy, clock)

    await pg.execute("SELECT FROM users", timeout=PATIENCE)


@pytest.fixture
def pooler(postgres_url: str) -> Iterator[str]:
    """The database by way of a PgBouncer that has one connection to it."""
    if PGBOUNCER is None or engines.DATABASE_URL is None:
        pytest.skip("needs a pgbouncer, and a PostgreSQL with a TCP port")
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with pgbouncer(postgres_url, folder, pool_size=1) as url:
            yield url


@pytest.mark.process
async def test_behind_a_pooler_nobody_is_given_up(
    pooler: str, pg: asyncpg.Connection, clock: LoopClock, questions: Questions
) -> None:
    """Its ids are not PostgreSQL's, and who waits for a place in it is silent as well."""
    url = urlsplit(pooler)
    asked = asyncio.Event()
    async with FaultProxy(("127.0.0.1", url.port or 0)) as proxy:
        url = url._replace(netloc=f"{url.username}@127.0.0.1:{proxy.port}")
        async with (
            database(f"{url.geturl()}?statement_cache_size=0", 3, request_timeout=PATIENT),
            locked(pg),
        ):
            before = used()
            working = [asyncio.create_task(work()) for _ in range(3)]
            await until_at_work(pg)
            await until(lambda: used() == before + 3)

            # There is no place for the question either: it is the time for an answer that ends it.
            proxy.before(b"pg_stat_activity", act=asked.set)
            clock.move(SILENCE)
            await asyncio.wait_for(asked.wait(), PATIENCE)
            clock.move(ANSWER)
            assert len(await next_of(questions)) == 3

            await pg.execute("SELECT pg_advisory_unlock_all()")
            answers = await asyncio.wait_for(asyncio.gather(*working), PATIENCE)
    assert answers == ["answer"] * 3


async def test_ids_of_a_pooler_are_not_taken_for_postgresqls(
    serving: None,
    pg: asyncpg.Connection,
    clock: LoopClock,
    questions: Questions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asyncpg.Connection, "get_server_pid", lambda self: 1)
    async with left_alone(pg, clock, questions) as (_, asked):
        assert asked == [1]


async def test_a_postgresql_that_takes_no_connection_is_not_silent(
    empty_database: str, pg: asyncpg.Connection, clock: LoopClock, questions: Questions
) -> None:
    """Nothing can be learnt about the statement then, so it is waited for."""
    name = urlsplit(empty_database).path.strip("/")
    inside = await asyncpg.connect(empty_database)
    try:
        async with database(empty_database, request_timeout=PATIENT):
            await query()
            await pg.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            async with left_alone(inside, clock, questions) as (at_work, asked):
                assert asked == at_work
    finally:
        await inside.close()


async def test_a_question_that_is_refused_gives_nobody_up(
    serving: None,
    pg: asyncpg.Connection,
    clock: LoopClock,
    questions: Questions,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch_module, "_WORKING", "SELECT 1 / 0 AS own, $1::text AS working")

    async with left_alone(pg, clock, questions) as (at_work, asked):
        assert asked == at_work
        for _ in range(20):
            assert await query() == "answer"
        assert questions.empty(), "nor is it repeated without a pause"


async def test_a_process_that_stood_still_gives_nobody_up(
    serving: None, pg: asyncpg.Connection, clock: LoopClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions: Questions = asyncio.Queue()

    async def stand_still(_: Watch, pids: list[int]) -> Collection[int]:
        clock.move(ANSWER + 2 * STANDSTILL)
        questions.put_nowait(pids)
        raise TimeoutError

    monkeypatch.setattr(Watch, "_ask", stand_still)

    async with left_alone(pg, clock, questions) as (at_work, asked):
        assert asked == at_work


async def test_no_statement_takes_for_ever(
    proxy_url: str, pg: asyncpg.Connection, clock: LoopClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = SILENCE / 2
    monkeypatch.setattr(connection_module, "STATEMENT_TIMEOUT", limit)
    async with database(proxy_url, request_timeout=PATIENT):
        async with locked(pg):
            working = asyncio.create_task(work())
            await until_at_work(pg)
            clock.move(limit)
            with pytest.raises(Unavailable):
                await asyncio.wait_for(working, PATIENCE)
        assert await query() == "answer"
