"""Many people sign in at once."""

import asyncio
import resource
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest
from aiohttp import ClientSession, TCPConnector

from contactsvc.accounts.security.passwords import Passwords
from contactsvc.assembly import services_of
from tests.conftest import PASSWORD, Client, problem
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.own_app

FLOOD = 60
KIB_AT_ONCE = FLOOD * 19 * 1024
"""What the hashes would take if all were computed at the same time: 1.1 GiB."""


@pytest.fixture
async def session(client: Client) -> AsyncIterator[ClientSession]:
    """A client that opens as many connections as it has requests."""
    connector = TCPConnector(limit=0)
    async with ClientSession(base_url=client.make_url("/"), connector=connector) as session:
        yield session


@pytest.fixture
def passwords(client: Client) -> Passwords:
    return services_of(client.app).sessions._passwords


@contextmanager
def held(passwords: Passwords) -> Iterator[None]:
    """Keep the hashing threads from their work."""
    go_on = threading.Event()
    for _ in range(passwords._threads._max_workers):
        passwords._threads.submit(go_on.wait, PATIENCE)
    try:
        yield
    finally:
        go_on.set()


async def login(session: ClientSession, number: int) -> int:
    body = {"email": f"nobody{number}@example.com", "password": PASSWORD}
    async with session.post("/api/auth/login", json=body) as response:
        return response.status


async def is_alive(session: ClientSession) -> None:
    async with session.get("/livez") as response:
        assert response.status == 200


async def test_a_flood_of_sign_ins_leaves_the_service_answering(
    session: ClientSession, passwords: Passwords
) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with held(passwords):
        flood = asyncio.gather(*(login(session, number) for number in range(FLOOD)))
        await until(lambda: passwords._queued == FLOOD)
        await is_alive(session)
    # Now they are computed. Whoever had to wait for a hash on the loop would wait for all.
    await is_alive(session)
    assert not flood.done()

    assert set(await flood) == {401}
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < KIB_AT_ONCE / 4


async def test_who_finds_the_queue_full_is_turned_away_at_once(
    client: Client, session: ClientSession, passwords: Passwords
) -> None:
    passwords._max_queued = 5  # instead of five hundred sign-ins
    with held(passwords):
        logins = [asyncio.create_task(login(session, number)) for number in range(20)]

        # While nobody's hash is computed.
        await until(lambda: sum(each.done() for each in logins) == 15)
        assert {each.result() for each in logins if each.done()} == {503}
        body = {"email": "nobody@example.com", "password": PASSWORD}
        response = await client.post("/api/auth/login", json=body)
        await problem(response, 503, "unavailable")
        assert int(response.headers["Retry-After"]) > 0

    assert sorted(await asyncio.gather(*logins)) == [401] * 5 + [503] * 15
