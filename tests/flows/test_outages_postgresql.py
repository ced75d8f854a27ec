"""PostgreSQL stops, dies in mid-transaction, falls silent, is slow: told in time, written once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any

import asyncpg
import pytest

from contactsvc.settings import Settings
from tests.conftest import PASSWORD, Client, MakeClient, Person, problem
from tests.support.fault_proxy import Direction, FaultProxy
from tests.support.outages import BACK, SOON, is_unavailable, recovers, within
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.redis_server import RedisServer

pytestmark = pytest.mark.outage

ADA = {"email": "ada@example.com", "password": PASSWORD}
CONTACT = {"first_name": "Ada"}


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
def settings(settings: Settings, proxy: FaultProxy) -> Settings:
    url = f"postgres://postgres@127.0.0.1:{proxy.port}/postgres"
    object.__setattr__(settings, "database_url", url)
    return settings


def calls(grace: Person) -> dict[str, Callable[[], Any]]:
    """Return calls that cannot be answered without PostgreSQL, of every kind."""
    client = grace.client
    return {
        "read": partial(grace.get, "/api/contacts/"),
        "write": partial(grace.post, "/api/contacts/", json=CONTACT),
        "transaction": partial(grace.patch, "/api/users/me", json={"name": "Admiral"}),
        "login": partial(client.post, "/api/auth/login", json=ADA),
        "registration": partial(client.post, "/api/auth/register", json=ADA),
        "public": partial(client.get, "/api/users/1/avatar.svg"),
        "health": partial(client.get, "/api/healthchecker"),
    }


async def all_unavailable(grace: Person) -> None:
    """Assert that every call is told soon, all at once and then one by one."""
    every = calls(grace).values()
    await asyncio.gather(*map(is_unavailable, every))
    for call in every:
        await is_unavailable(call)


async def what_needs_none(client: Client) -> None:
    """Assert that calls which need no PostgreSQL, or make do without it, are answered."""
    for path, soon in (("/livez", 0.5), ("/api/docs/openapi.json", 0.5), ("/metrics", SOON)):
        async with within(soon, path):
            assert (await client.get(path)).status == 200


async def waiting(pg: asyncpg.Connection, count: int = 1) -> None:
    """Wait until that many statements wait for a lock."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    async with asyncio.timeout(10):
        while await pg.fetchval(query) < count:
            await asyncio.sleep(0.02)  # PostgreSQL does not tell


async def test_stopped_and_started(grace: Person, running: PostgresServer) -> None:
    assert (await grace.get("/api/users/me")).status == 200
    await asyncio.to_thread(running.stop, "fast")
    await all_unavailable(grace)
    await what_needs_none(grace.client)
    assert (await grace.get("/api/users/me")).status == 200, "Redis still knows her"

    await asyncio.to_thread(running.start)

    await recovers(calls(grace)["read"])
    for call in ("write", "transaction", "health"):
        assert (await calls(grace)[call]()).status < 300


async def test_killed_in_mid_transaction(
    client: Client, running: PostgresServer, pg: asyncpg.Connection
) -> None:
    """The account is written, its mail is not: together or not at all."""
    register = partial(client.post, "/api/auth/register", json=ADA)
    holding = pg.transaction()
    await holding.start()
    await pg.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
    registering = asyncio.create_task(register())
    await waiting(pg)

    async with within(SOON, "503 after the crash"):
        await asyncio.to_thread(running.stop, "immediate")
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


@pytest.mark.parametrize("fault", FAULTS)
async def test_nobody_knows_what_became_of_a_commit(
    client: Client, proxy: FaultProxy, pg: asyncpg.Connection, fault: str
) -> None:
    """The service never writes twice by itself, and whoever looks sees which it was."""
    register = partial(client.post, "/api/auth/register", json=ADA)
    break_, expected = FAULTS[fault]
    # The worker of the outbox commits, too; this is the transaction that asks it for a mail.
    proxy.before(b'INSERT INTO "outbox"', b"COMMIT", act=lambda: break_(proxy))

    await is_unavailable(register)
    await proxy.mend()

    async with within(SOON, "the locks are let go"):
        await pg.execute("BEGIN; LOCK TABLE users, outbox IN ACCESS EXCLUSIVE MODE; END")
    assert await pg.fetchval("SELECT count(*) FROM users") == expected
    assert await pg.fetchval("SELECT count(*) FROM outbox") == expected
    await recovers(register)
    assert await pg.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize(("lost", "expected"), [("requests", 0), ("answers", 1)])
async def test_an_insert_is_written_once_or_not_at_all(
    grace: Person, proxy: FaultProxy, pg: asyncpg.Connection, lost: Direction, expected: int
) -> None:
    """It is a transaction by itself; its values are the last that PostgreSQL hears."""
    add = calls(grace)["write"]
    proxy.before(b"Ada", act=lambda: proxy.half_open(lost))

    await is_unavailable(add)

    assert await pg.fetchval("SELECT count(*) FROM contacts") == expected
    await recovers(add)
    assert await pg.fetchval("SELECT count(*) FROM contacts") == expected + 1


async def test_a_firewall_that_drops_everything(grace: Person, proxy: FaultProxy) -> None:
    proxy.blackhole()
    await all_unavailable(grace)
    await what_needs_none(grace.client)

    await proxy.mend()

    await recovers(calls(grace)["read"])
    for call in ("write", "transaction", "health"):
        assert (await calls(grace)[call]()).status < 300


async def test_a_firewall_that_forgets_connections(grace: Person, proxy: FaultProxy) -> None:
    """Every connection of the pool looks alive and says nothing, while new ones work."""
    read = calls(grace)["read"]
    await asyncio.gather(*(read() for _ in range(20)))
    proxy.half_open()

    await asyncio.gather(*(is_unavailable(read) for _ in range(2)))

    async with within(0.5, "none of the others is tried"):
        assert {(await read()).status for _ in range(10)} == {200}


async def test_redis_is_away_too(
    make_client: MakeClient, grace: Person, proxy: FaultProxy, redis_server: RedisServer
) -> None:
    """Both are behind one broken switch; who waits for both is told as soon."""
    async with FaultProxy(("127.0.0.1", redis_server.port)) as redis:
        url = f"redis://127.0.0.1:{redis.port}/0"
        both = Person(await make_client(redis_url=url), grace.email, grace.tokens)
        await recovers(calls(both)["read"])
        for each in (proxy, redis):
            each.blackhole()

        await all_unavailable(both)

        for each in (proxy, redis):
            await each.mend()
        await recovers(calls(both)["read"])


async def test_silent_from_the_start(proxy: FaultProxy, make_client: MakeClient) -> None:
    """It comes up all the same, and need not be started again."""
    proxy.blackhole()
    async with within(BACK, "started"):
        client = await make_client()
    health = partial(client.get, "/api/healthchecker")
    register = partial(client.post, "/api/auth/register", json=ADA)
    await asyncio.gather(*map(is_unavailable, [health, register]))
    await what_needs_none(client)

    await proxy.mend()

    await recovers(health)
    assert (await register()).status == 201


async def test_a_slow_statement_is_waited_for(
    grace: Person, pg: asyncpg.Connection, proxy: FaultProxy
) -> None:
    contact = await grace.add_contact()
    path = f"/api/contacts/{contact['id']}"
    proxy.latency(0.05)
    async with pg.transaction():
        await pg.execute("SELECT 1 FROM contacts FOR UPDATE")
        changing = asyncio.create_task(grace.patch(path, json={"first_name": "Augusta"}))
        await asyncio.sleep(2 * SOON)  # far more than the silence after which it is asked about
        assert not changing.done()

    assert (await changing).status == 200


async def test_an_exhausted_pool(
    make_client: MakeClient, grace: Person, pg: asyncpg.Connection
) -> None:
    contact = await grace.add_contact()
    path = f"/api/contacts/{contact['id']}"
    small = Person(await make_client(database_pool_size=1), grace.email, grace.tokens)
    assert (await small.get(path)).status == 200
    async with pg.transaction():
        await pg.execute("SELECT 1 FROM contacts FOR UPDATE")
        holding = asyncio.create_task(small.patch(path, json={"first_name": "Augusta"}))
        await waiting(pg)

        await asyncio.gather(*(is_unavailable(partial(small.get, path)) for _ in range(5)))
        await what_needs_none(small.client)

    assert (await holding).status == 200
    async with within(0.5, "at once"):
        assert (await small.get(path)).status == 200
