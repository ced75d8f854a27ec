"""A process that is told to stop harms no request, and of two that are restarted nobody hears."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientResponse, ClientSession

from contactsvc.contacts.rows import INSERT
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD
from tests.support.load_balancer import POLL, Balancer, health
from tests.support.locks import until_locks_wait
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.process

CREDENTIALS = {"email": "grace@example.com", "password": PASSWORD}
CLIENTS = 8
LONG = "300"
"""Seconds that nobody waits for: a second signal ends them."""

MakeService = Callable[..., Awaitable[Service]]


@pytest.fixture
async def make_service(
    tmp_path: Path, settings: Settings, redis_server: RedisServer
) -> AsyncIterator[MakeService]:
    """Start services that share a PostgreSQL and a Redis."""
    made: list[Service] = []

    async def make(name: str = "one", shutdown_delay: str = LONG) -> Service:
        folder = tmp_path / name
        folder.mkdir()
        service = Service(folder)
        service.share(settings, redis_server.url)
        service.environment |= {
            "USER_LIMIT": "1000000/minute",
            "SHUTDOWN_DELAY": shutdown_delay,
            "SHUTDOWN_TIMEOUT": LONG,
        }
        await service.start()
        made.append(service)
        return service

    yield make
    for service in made:
        if service.process.returncode is None:
            await service.stop(signal.SIGINT)


async def sign_in(http: ClientSession, service: Service) -> dict[str, str]:
    await http.post(f"{service.url}/api/auth/register", json=CREDENTIALS)
    answer = await http.post(f"{service.url}/api/auth/login", json=CREDENTIALS)
    return {"Authorization": f"Bearer {(await answer.json())['access_token']}"}


async def until_health_is(http: ClientSession, service: Service, *expected: int | None) -> None:
    async with asyncio.timeout(PATIENCE):
        while await health(http, service) not in expected:
            await asyncio.sleep(POLL / 10)  # health is asked for, not told


@asynccontextmanager
async def request_in_hand(
    http: ClientSession, service: Service, pg: asyncpg.Connection
) -> AsyncIterator[asyncio.Task[ClientResponse]]:
    """Hold up a request that adds a contact, and let it go on in the end."""
    headers = await sign_in(http, service)
    async with pg.transaction():
        await pg.execute("LOCK TABLE contacts IN EXCLUSIVE MODE")
        url, contact = f"{service.url}/api/contacts/", {"first_name": "Ada"}
        adding = asyncio.create_task(http.post(url, json=contact, headers=headers))
        await until_locks_wait(pg, statement=INSERT)
        yield adding


async def test_requests_are_served_while_load_balancers_notice(make_service: MakeService) -> None:
    """The second signal says that they have."""
    service = await make_service()
    async with ClientSession() as http:
        headers = await sign_in(http, service)

        service.process.send_signal(signal.SIGTERM)
        await until_health_is(http, service, 503)
        contacts = await http.get(f"{service.url}/api/contacts/", headers=headers)

        assert contacts.status == 200
        assert contacts.headers["Connection"] == "close", "the next request goes elsewhere"
    assert await service.stop(signal.SIGTERM) == 0


async def test_a_request_that_has_begun_is_finished(
    make_service: MakeService, pg: asyncpg.Connection
) -> None:
    service = await make_service(shutdown_delay="1")
    async with ClientSession() as http:
        async with request_in_hand(http, service, pg) as adding:
            service.process.send_signal(signal.SIGTERM)
            await until_health_is(http, service, None)

        assert (await adding).status == 201
        assert await service.ended() == 0
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 1


async def test_who_is_in_a_hurry_does_not_wait(make_service: MakeService) -> None:
    service = await make_service()

    assert await service.stop(signal.SIGINT) == 0


async def test_nobody_hears_of_a_rolling_restart(
    make_service: MakeService, pg: asyncpg.Connection
) -> None:
    services = [await make_service("one"), await make_service("two")]
    async with ClientSession() as http:
        headers = await sign_in(http, services[0])
        balancer = Balancer(http, services)
        work = [balancer.load(headers) for _ in range(CLIENTS)]
        tasks = [asyncio.create_task(each) for each in (balancer.watch(), *work)]
        for service in services:
            service.process.send_signal(signal.SIGTERM)
            await balancer.has_left(service)
            assert await service.stop(signal.SIGTERM) == 0
            before = balancer.added
            await until(lambda: balancer.added > before)  # noqa: B023 - awaited here
            await service.start()
            await balancer.has_joined(service)
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)

    assert {type(each) for each in ended} == {asyncio.CancelledError}
    assert balancer.failures == []
    stored = await pg.fetchval("SELECT count(*) FROM contacts")
    assert balancer.added <= stored <= balancer.added + CLIENTS, "the last ones were cut off here"
