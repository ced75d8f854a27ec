"""PostgreSQL stops, dies in mid-transaction, falls silent, is slow: told in time, written once.

Where a server refuses, requests are as patient as in other tests. Only where everything is silent
are they as hasty as by default, and then each call may find PostgreSQL away on a busy machine, too.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace
from functools import partial

import asyncpg
import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import PATIENT, Client, MakeClient, Person, problem
from tests.support.cache_leases import lasting_lease, lease_of
from tests.support.fault_proxy import Direction, FaultProxy
from tests.support.locks import until_locks_wait
from tests.support.outages import is_unavailable, recovers
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.postgresql_outages import (
    ADA,
    HASTY,
    all_recover,
    all_unavailable,
    calls,
    is_struck,
    there,
    what_needs_none,
)
from tests.support.redis_server import RedisServer
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.outage

TERMINATE = b"X\0\0\0\4"
"""What an idle connection is closed with."""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="module")
def postgres_url(server: PostgresServer) -> str:
    """The way to the server that no fault is put into."""
    return server.url


@pytest.fixture
def running(server: PostgresServer) -> Iterator[PostgresServer]:
    """The server, which runs when the test has ended."""
    yield server
    server.start()


@pytest.fixture
async def proxy(running: PostgresServer, pg: asyncpg.Connection) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(running.socket) as proxy:
        yield proxy


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **PATIENT)


Behind = Callable[..., Awaitable[Client]]


@pytest.fixture
def behind(make_client: MakeClient, proxy: FaultProxy) -> Behind:
    """Start an application that has the proxy between itself and PostgreSQL."""
    url = f"postgres://postgres@127.0.0.1:{proxy.port}/postgres"
    return partial(make_client, database_url=url)


@pytest.fixture
def quick_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who waits for a minute asks PostgreSQL after a second what it is doing."""
    monkeypatch.setattr(
        "contactsvc.platform.database.watch.SILENCE", 1 / PATIENT["database_timeout"]
    )


async def test_stopped_and_started(behind: Behind, grace: Person, running: PostgresServer) -> None:
    grace = there(grace, await behind(user_cache_ttl=3600))
    async with lasting_lease(grace.client, 1):
        assert (await grace.get("/api/users/me")).status == 200
    await asyncio.to_thread(running.stop, "fast")
    await all_unavailable(grace)
    await what_needs_none(grace.client)
    assert (await grace.get("/api/users/me")).status == 200, "Redis still knows her"

    await asyncio.to_thread(running.start)

    await all_recover(grace)


async def test_stopped_while_redis_does_not_know_all(
    behind: Behind, make_client: MakeClient, running: PostgresServer, redis_server: RedisServer
) -> None:
    """One process ends a session, to the other PostgreSQL is away when Redis has come back."""
    redis = {"redis_url": redis_server.url, "user_cache_ttl": 3600, "redis_timeout": 0.5}
    one, two = await behind(**redis), await make_client(**redis)
    credentials = ADA | {"name": "Ada"}
    assert (await one.post("/api/auth/register", json=credentials)).status == 201
    pg = await asyncpg.connect(running.url)
    await pg.execute("UPDATE users SET confirmed = true")
    await pg.close()
    ada, ended = (Person(one, ADA["email"]) for _ in range(2))
    for person in (ada, ended):
        await person.sign_in()
        async with lasting_lease(two, 1):
            assert (await there(person, two).get("/api/users/me")).status == 200
    await asyncio.to_thread(running.stop, "fast")
    assert (await there(ended, two).get("/api/users/me")).status == 200, "Redis knows it all"
    await asyncio.to_thread(running.start)
    await recovers(partial(one.get, "/api/healthchecker"))

    with redis_server.standing_still():
        await recovers(partial(ended.post, "/api/auth/logout"))
        await until(lambda: not lease_of(two).allows_without_postgresql(1))  # it knows of that
        await asyncio.to_thread(running.stop, "fast")
    for _ in range(3):
        await is_unavailable(partial(there(ended, two).get, "/api/users/me"))
    await asyncio.to_thread(running.start)

    await recovers(partial(two.get, "/api/healthchecker"))
    await problem(await there(ended, two).get("/api/users/me"), 401, "unauthenticated")
    assert (await there(ada, two).get("/api/users/me")).status == 200


async def test_killed_in_mid_transaction(
    client: Client, running: PostgresServer, pg: asyncpg.Connection
) -> None:
    """The account is written, its mail is not: together or not at all."""
    register = partial(client.post, "/api/auth/register", json=ADA)
    holding = (await pg.opened()).transaction()
    await holding.start()
    await pg.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
    registering = asyncio.create_task(register())
    await until_locks_wait(pg)

    await asyncio.to_thread(running.stop, "immediate")
    async with asyncio.timeout(PATIENCE):
        await problem(await registering, 503, "unavailable")
    await asyncio.to_thread(running.start)

    pg = await asyncpg.connect(running.url)
    assert await pg.fetchval("SELECT count(*) FROM users") == 0
    await recovers(register)
    assert await pg.fetchval("SELECT count(*) FROM users") == 1
    assert await pg.fetchval("SELECT count(*) FROM outbox") == 1
    await pg.close()


FAULTS: dict[str, tuple[Callable[[FaultProxy], None], int]] = {
    "the connection is reset": (FaultProxy.reset, 0),
    "the COMMIT never arrives": (lambda proxy: proxy.half_open("requests"), 0),
    "its answer never arrives": (lambda proxy: proxy.half_open("answers"), 1),
}
"""What happens to a COMMIT, and how many accounts there are then."""


@pytest.mark.usefixtures("quick_to_ask")
@pytest.mark.parametrize("fault", FAULTS)
async def test_nobody_knows_what_became_of_a_commit(
    behind: Behind, proxy: FaultProxy, pg: asyncpg.Connection, fault: str
) -> None:
    """The service never writes twice by itself, and whoever looks sees which it was."""
    register = partial((await behind()).post, "/api/auth/register", json=ADA)
    break_, expected = FAULTS[fault]

    # The worker of the outbox commits, too; this is the transaction that asks it for a mail.
    words = (b'INSERT INTO "outbox"', b"COMMIT")
    await is_struck(register, proxy, *words, by=lambda: break_(proxy))
    await proxy.mend()

    async with asyncio.timeout(PATIENCE):  # until the locks are let go
        await pg.execute("BEGIN; LOCK TABLE users, outbox IN ACCESS EXCLUSIVE MODE; END")
    assert await pg.fetchval("SELECT count(*) FROM users") == expected
    assert await pg.fetchval("SELECT count(*) FROM outbox") == expected
    await recovers(register)
    assert await pg.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.usefixtures("quick_to_ask")
@pytest.mark.parametrize(("lost", "expected"), [("requests", 0), ("answers", 1)])
async def test_an_insert_is_written_once_or_not_at_all(
    behind: Behind,
    grace: Person,
    proxy: FaultProxy,
    pg: asyncpg.Connection,
    lost: Direction,
    expected: int,
) -> None:
    """It is a transaction by itself; its values are the last that PostgreSQL hears."""
    await grace.add_contact(first_name="Bob")  # the first one would be counted before it is written
    grace = there(grace, await behind())
    written = "SELECT count(*) FROM contacts WHERE first_name = 'Ada'"

    await is_struck(calls(grace)["write"], proxy, b"Ada", by=lambda: proxy.half_open(lost))

    assert await pg.fetchval(written) == expected
    await recovers(calls(grace)["read"])
    assert await pg.fetchval(written) == expected


async def test_a_firewall_that_drops_everything(
    behind: Behind, grace: Person, proxy: FaultProxy
) -> None:
    grace = there(grace, await behind(**HASTY))
    await recovers(calls(grace)["read"])
    proxy.blackhole()
    await all_unavailable(grace)
    await what_needs_none(grace.client)

    await proxy.mend()

    await all_recover(grace)


@pytest.mark.usefixtures("quick_to_ask")
async def test_a_firewall_that_forgets_connections(
    behind: Behind, grace: Person, proxy: FaultProxy
) -> None:
    """Every connection of the pool looks alive and says nothing, while new ones work."""
    read = calls(there(grace, await behind()))["read"]
    await asyncio.gather(*(read() for _ in range(20)))
    proxy.half_open()

    await asyncio.gather(*(is_unavailable(read) for _ in range(2)))

    proxy.unheard = b""
    for _ in range(10):
        await recovers(read)
    assert not proxy.unheard.replace(TERMINATE, b""), "none of the others is tried"


async def test_redis_is_away_too(
    behind: Behind, grace: Person, proxy: FaultProxy, redis_server: RedisServer
) -> None:
    """Both are behind one broken switch; who waits for both is told, too."""
    async with FaultProxy(("127.0.0.1", redis_server.port)) as redis:
        url = f"redis://127.0.0.1:{redis.port}/0"
        both = there(grace, await behind(redis_url=url, **HASTY))
        await recovers(calls(both)["read"])
        for each in (proxy, redis):
            each.blackhole()

        await all_unavailable(both)

        for each in (proxy, redis):
            await each.mend()
        await recovers(calls(both)["read"])


async def test_silent_from_the_start(behind: Behind, proxy: FaultProxy) -> None:
    """It comes up all the same, and need not be started again."""
    proxy.blackhole()
    async with asyncio.timeout(PATIENCE):
        client = await behind(**HASTY)
    health = partial(client.get, "/api/healthchecker")
    register = partial(client.post, "/api/auth/register", json=ADA)
    await asyncio.gather(*map(is_unavailable, [health, register]))
    await what_needs_none(client)

    await proxy.mend()

    await recovers(health)
    assert (await recovers(register)).status == 201


@pytest.mark.usefixtures("quick_to_ask")
async def test_a_slow_statement_is_waited_for(
    behind: Behind, grace: Person, pg: asyncpg.Connection, proxy: FaultProxy
) -> None:
    contact = await grace.add_contact()
    path = f"/api/contacts/{contact['id']}"
    grace = there(grace, await behind())
    await recovers(partial(grace.get, path))
    proxy.latency(0.05)
    async with pg.transaction():
        await pg.execute("SELECT 1 FROM contacts FOR UPDATE")
        changing = asyncio.create_task(grace.patch(path, json={"first_name": "Augusta"}))
        for _ in range(2):  # when it is asked about again, the first answer has been understood
            asked = asyncio.Event()
            proxy.before(b"AS working", act=asked.set)
            async with asyncio.timeout(PATIENCE):
                await asked.wait()
        assert not changing.done()

    assert (await changing).status == 200
