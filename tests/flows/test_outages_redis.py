"""Redis is away, drops everything or dawdles: slower, still right, and never the cause of a 503."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from redis import Redis

from contactsvc.settings import Settings
from tests.conftest import PASSWORD, Client, MakeClient, Person, problem
from tests.support.fault_proxy import FaultProxy
from tests.support.outages import BACK, within
from tests.support.redis_server import RedisServer

pytestmark = pytest.mark.outage

SLOWER = 2.0
"""Seconds that a call may take at the most while Redis does not answer."""

FAULTS: dict[str, Callable[[FaultProxy], None]] = {
    "refused": FaultProxy.refuse,
    "reset": FaultProxy.reset,
    "dropped": FaultProxy.blackhole,
    "forgotten": FaultProxy.half_open,
    "slow": lambda proxy: proxy.latency(0.2),
}
each_fault = pytest.mark.parametrize("fault", FAULTS)


@pytest.fixture
async def proxy(redis_server: RedisServer) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(("127.0.0.1", redis_server.port)) as proxy:
        yield proxy


@pytest.fixture
def settings(settings: Settings, proxy: FaultProxy) -> Settings:
    return replace(settings, redis_url=f"redis://127.0.0.1:{proxy.port}/0")


async def right(call: Callable[[], Any], expected: int = 200) -> Any:
    """Assert that a call is answered as ever, if slower; return its JSON."""
    async with within(SLOWER, getattr(call, "args", [""])[0]):
        response = await call()
    assert response.status == expected, await response.text()
    return await response.json() if response.content_length else None


@each_fault
async def test_answers_stay_right(grace: Person, proxy: FaultProxy, fault: str) -> None:
    await right(partial(grace.get, "/api/users/me"))
    FAULTS[fault](proxy)

    await right(partial(grace.get, "/api/users/me"))
    await right(partial(grace.patch, "/api/users/me", json={"name": "Admiral"}))
    assert (await right(partial(grace.get, "/api/users/me")))["name"] == "Admiral"
    await right(partial(grace.post, "/api/contacts/", json={"first_name": "Ada"}), 201)
    body = {"email": grace.email, "password": PASSWORD}
    grace.tokens = await right(partial(grace.client.post, "/api/auth/login", json=body))
    health = await right(partial(grace.client.get, "/api/healthchecker"))
    assert health["status"] in ("ok", "degraded")


@each_fault
async def test_an_ended_session_stays_ended(grace: Person, proxy: FaultProxy, fault: str) -> None:
    """Redis keeps the copy and the mark of the session, which the sign-out may not reach."""
    await right(partial(grace.get, "/api/users/me"))
    FAULTS[fault](proxy)
    await right(partial(grace.post, "/api/auth/logout"), 204)
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")

    await proxy.mend()

    async with asyncio.timeout(BACK):
        for _ in range(12):  # through the end of the pause in which Redis is not asked
            await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("fault", ["refused", "dropped"])
async def test_away_from_the_start(
    make_client: MakeClient, proxy: FaultProxy, redis_server: RedisServer, fault: str
) -> None:
    FAULTS[fault](proxy)
    async with within(SLOWER, "started"):
        client = await make_client(require_confirmed_email=False)
    person = await _registered(client)
    await right(partial(person.get, "/api/contacts/"))

    await proxy.mend()

    with Redis.from_url(redis_server.url) as redis:
        async with within(BACK, "used again"):
            while not redis.exists("user:{1}"):
                await right(partial(person.get, "/api/users/me"))
                await asyncio.sleep(0.05)


async def _registered(client: Client) -> Person:
    body = {"email": "ada@example.com", "password": PASSWORD}
    await right(partial(client.post, "/api/auth/register", json=body), 201)
    tokens = await right(partial(client.post, "/api/auth/login", json=body))
    return Person(client, body["email"], tokens)


async def test_all_at_once_wait_once(grace: Person, proxy: FaultProxy) -> None:
    """Who comes while it is known to be silent does not wait for it."""
    await right(partial(grace.get, "/api/users/me"))
    proxy.blackhole()
    await right(partial(grace.get, "/api/users/me"))

    async with within(0.5, "twenty calls"):
        answers = await asyncio.gather(*(grace.get("/api/users/me") for _ in range(20)))

    assert {answer.status for answer in answers} == {200}
