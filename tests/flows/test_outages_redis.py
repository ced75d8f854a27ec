"""Redis is away, drops everything or dawdles: slower, still right, and never the cause of a 503."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from redis import Redis

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, PATIENT, Client, MakeClient, Person, problem
from tests.support.clocks import BreakerClock
from tests.support.fault_proxy import FaultProxy
from tests.support.outages import is_revoked
from tests.support.redis_server import RedisServer
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.outage

REDIS_TIMEOUT = 0.25
"""Seconds. PostgreSQL is waited for much longer, so that only Redis can be found to be away."""

FAULTS: dict[str, Callable[[FaultProxy], None]] = {
    "refused": FaultProxy.refuse,
    "reset": FaultProxy.reset,
    "dropped": FaultProxy.blackhole,
    "forgotten": FaultProxy.half_open,
    # One round trip is waited for, the many that count a sign-in are not.
    "slow": lambda proxy: proxy.latency(0.4 * REDIS_TIMEOUT),
}
each_fault = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture
async def proxy(redis_server: RedisServer) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(("127.0.0.1", redis_server.port)) as proxy:
        yield proxy


@pytest.fixture
def settings(settings: Settings, proxy: FaultProxy) -> Settings:
    url = f"redis://127.0.0.1:{proxy.port}/0"
    return replace(settings, redis_url=url, **PATIENT | {"redis_timeout": REDIS_TIMEOUT})


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> BreakerClock:
    return BreakerClock(monkeypatch)


async def right(call: Callable[[], Any], expected: int = 200) -> Any:
    """Assert that a call is answered as ever, whatever Redis does; return its JSON."""
    async with asyncio.timeout(PATIENCE):
        response = await call()
    assert response.status == expected, await response.text()
    return await response.json() if response.content_length else None


async def test_answers_stay_right_where_every_new_connection_is_reset(
    grace: Person, proxy: FaultProxy, make_client: MakeClient
) -> None:
    proxy.reset()
    person = Person(await make_client(), grace.email, grace.tokens)

    await right(partial(person.get, "/api/users/me"))
    await right(partial(person.post, "/api/contacts/", json={"first_name": "Ada"}), 201)


@each_fault
async def test_answers_stay_right(
    grace: Person, proxy: FaultProxy, clock: BreakerClock, fault: str
) -> None:
    """Also of those who are the first to find out."""
    await right(partial(grace.get, "/api/users/me"))
    FAULTS[fault](proxy)

    await right(partial(grace.get, "/api/users/me"))
    clock.close_breakers()
    await right(partial(grace.patch, "/api/users/me", json={"name": "Admiral"}))
    assert (await right(partial(grace.get, "/api/users/me")))["name"] == "Admiral"
    clock.close_breakers()
    await right(partial(grace.post, "/api/contacts/", json={"first_name": "Ada"}), 201)
    clock.close_breakers()
    body = {"email": grace.email, "password": PASSWORD}
    grace.tokens = await right(partial(grace.client.post, "/api/auth/login", json=body))
    health = await right(partial(grace.client.get, "/api/healthchecker"))
    assert health["status"] in ("ok", "degraded")


@each_fault
async def test_an_ended_session_stays_ended(
    grace: Person, proxy: FaultProxy, redis_server: RedisServer, clock: BreakerClock, fault: str
) -> None:
    """Redis keeps the copy and the mark of the session, which the sign-out may not reach."""
    await right(partial(grace.get, "/api/users/me"))
    FAULTS[fault](proxy)
    await right(partial(grace.post, "/api/auth/logout"), 204)
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")

    await proxy.mend()

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    with Redis.from_url(redis_server.url) as redis:
        async with asyncio.timeout(PATIENCE):
            while not is_revoked(redis):
                clock.close_breakers()  # a request may still come upon a connection that is silent
                await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    clock.close_breakers()
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")


async def test_one_process_alone_cannot_reach_redis(
    grace: Person, make_client: MakeClient, proxy: FaultProxy, redis_server: RedisServer
) -> None:
    """The other one can, all the time, and Redis keeps the copy that it uses."""
    url = redis_server.url
    other = await make_client(redis_url=url, user_cache_ttl=3600, **PATIENT)
    there = [Person(other, grace.email) for _ in range(5)]
    for person in there:
        await person.sign_in()
        await right(partial(person.get, "/api/users/me"))
    proxy.refuse()

    for person in there:
        here = Person(grace.client, person.email, person.tokens)
        await right(partial(here.post, "/api/auth/logout"), 204)
        await problem(await person.get("/api/users/me"), 401, "unauthenticated")


@pytest.mark.parametrize("fault", ["refused", "dropped"])
async def test_away_from_the_start(
    make_client: MakeClient,
    proxy: FaultProxy,
    redis_server: RedisServer,
    clock: BreakerClock,
    fault: str,
) -> None:
    FAULTS[fault](proxy)
    async with asyncio.timeout(PATIENCE):
        client = await make_client(require_confirmed_email=False)
    person = await _registered(client)
    await right(partial(person.get, "/api/contacts/"))

    await proxy.mend()

    with Redis.from_url(redis_server.url) as redis:
        async with asyncio.timeout(PATIENCE):
            while not redis.exists("user:{1}"):
                clock.close_breakers()
                await right(partial(person.get, "/api/users/me"))


async def _registered(client: Client) -> Person:
    body = {"email": "ada@example.com", "password": PASSWORD}
    await right(partial(client.post, "/api/auth/register", json=body), 201)
    tokens = await right(partial(client.post, "/api/auth/login", json=body))
    return Person(client, body["email"], tokens)


async def test_all_at_once_wait_once(grace: Person, proxy: FaultProxy, clock: BreakerClock) -> None:
    """Who comes while it is known to be silent does not ask it, and so does not wait for it."""
    await right(partial(grace.get, "/api/users/me"))
    proxy.blackhole()
    async with asyncio.timeout(PATIENCE):
        while not proxy.swallowed.is_set():
            clock.close_breakers()  # on a busy machine it may have been found silent before
            await right(partial(grace.get, "/api/users/me"))
    proxy.swallowed.clear()

    answers = await asyncio.gather(*(grace.get("/api/users/me") for _ in range(20)))

    assert {answer.status for answer in answers} == {200}
    assert not proxy.swallowed.is_set(), proxy.unheard
