"""A primary that dies or steps down is followed to the next one: slower meanwhile, never wrong."""

import asyncio
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.conftest import PATIENT, Client, MakeClient, Person, problem
from tests.support.clocks import BreakerClock
from tests.support.outages import is_revoked
from tests.support.redis_sentinel import RedisSentinel
from tests.support.redis_server import REDIS_SERVER
from tests.support.scrapes import scrape
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.outage


@pytest.fixture
def sentinel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisSentinel]:
    """A primary and its replica."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    sentinel = RedisSentinel(tmp_path_factory.mktemp("sentinel"))
    yield sentinel
    sentinel.kill()


@pytest.fixture
async def client(make_client: MakeClient, sentinel: RedisSentinel) -> Client:
    # A primary that is dead refuses at once, so nobody need be in a hurry.
    return await make_client(redis_url=sentinel.url, **PATIENT)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> BreakerClock:
    return BreakerClock(monkeypatch)


@pytest.fixture
async def signed_out(grace: Person) -> Person:
    """A second session of hers, which was in the cache and has ended."""
    session = Person(grace.client, grace.email)
    await session.sign_in()
    assert (await session.get("/api/users/me")).status == 200
    assert (await session.post("/api/auth/logout")).status == 204
    return session


async def _hits(client: Client) -> float:
    return (await scrape(client)).value("user_cache_requests_total", result="hit")


async def _name(person: Person) -> str:
    response = await person.get("/api/users/me")
    assert response.status == 200, await response.text()
    return str((await response.json())["name"])


async def _is_ok(client: Client) -> bool:
    async with client.get("/api/healthchecker") as response:
        return bool((await response.json())["checks"]["cache"] == "ok")


async def test_a_dead_primary_is_replaced(
    grace: Person, signed_out: Person, client: Client, sentinel: RedisSentinel, clock: BreakerClock
) -> None:
    with Redis.from_url(sentinel.replica.url) as replica:
        await until(lambda: asyncio.to_thread(is_revoked, replica))
    sentinel.primary.kill()
    for name in ("Admiral", "Rear Admiral"):
        assert (await grace.patch("/api/users/me", json={"name": name})).status == 200
        assert await _name(grace) == name
        await problem(await signed_out.get("/api/users/me"), 401, "unauthenticated")
        clock.close_breakers()
    assert not await _is_ok(client)
    await asyncio.to_thread(sentinel.promote)

    await until(lambda: _is_ok(client))
    hits = await _hits(client)
    async with asyncio.timeout(PATIENCE):
        while await _hits(client) == hits:  # the next primary is used
            clock.close_breakers()
            assert await _name(grace) == "Rear Admiral"
    await problem(await signed_out.get("/api/users/me"), 401, "unauthenticated")


async def test_a_primary_that_steps_down_is_left(
    grace: Person, client: Client, sentinel: RedisSentinel, clock: BreakerClock
) -> None:
    """It goes on as a replica that may be read, but not written to."""
    session = Person(client, grace.email)
    await session.sign_in()
    for person in (grace, session):
        assert (await person.get("/api/users/me")).status == 200
    await asyncio.to_thread(sentinel.change_over)

    assert (await session.post("/api/auth/logout")).status == 204

    await problem(await session.get("/api/users/me"), 401, "unauthenticated")
    assert (await grace.get("/api/users/me")).status == 200
    with Redis.from_url(sentinel.replica.url) as primary:
        async with asyncio.timeout(PATIENCE):
            while not is_revoked(primary):  # the next primary is told
                clock.close_breakers()
                await problem(await session.get("/api/users/me"), 401, "unauthenticated")


async def test_a_replica_that_had_not_been_told_revives_nobody(
    grace: Person, client: Client, sentinel: RedisSentinel, clock: BreakerClock
) -> None:
    """It is promoted with what it knew before: a session as live that has ended since."""
    session = Person(client, grace.email)
    await session.sign_in()
    for person in (grace, session):
        assert (await person.get("/api/users/me")).status == 200
    with (
        Redis.from_url(sentinel.replica.url) as replica,
        Redis.from_url(sentinel.primary.url) as primary,
    ):
        await until(lambda: asyncio.to_thread(lambda: replica.dbsize() == primary.dbsize()))
        replica.config_set("masterauth", "not the primary's")
        primary.client_kill_filter(_type="replica")  # nothing reaches it any more
        assert (await session.post("/api/auth/logout")).status == 204
        assert is_revoked(primary)
        assert not is_revoked(replica)
    sentinel.primary.kill()
    await asyncio.to_thread(sentinel.promote)

    hits = await _hits(client)
    async with asyncio.timeout(PATIENCE):
        while await _hits(client) == hits:  # the next primary is used
            clock.close_breakers()
            await problem(await session.get("/api/users/me"), 401, "unauthenticated")
            assert (await grace.get("/api/users/me")).status == 200
    await problem(await session.get("/api/users/me"), 401, "unauthenticated")
