"""Two hundred people sign in at once."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, TCPConnector

from contactsvc.keys import SESSIONS
from tests.conftest import PASSWORD, Client, problem

FLOOD = 200
KIB_AT_ONCE = FLOOD * 19 * 1024
"""What the hashes would take if all were computed at the same time: 3.7 GiB."""


@pytest.fixture
async def session(client: Client) -> AsyncIterator[ClientSession]:
    """A client that opens as many connections as it has requests."""
    connector = TCPConnector(limit=0)
    async with ClientSession(base_url=client.make_url("/"), connector=connector) as session:
        yield session


async def login(session: ClientSession, number: int) -> int:
    body = {"email": f"nobody{number}@example.com", "password": PASSWORD}
    async with session.post("/api/auth/login", json=body) as response:
        return response.status


async def test_a_flood_of_sign_ins_leaves_the_service_answering(session: ClientSession) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    flood = asyncio.gather(*(login(session, number) for number in range(FLOOD)))
    delays = []
    while not flood.done():
        asked = time.perf_counter()
        async with session.get("/livez") as response:
            assert response.status == 200
        delays.append(time.perf_counter() - asked)
        await asyncio.sleep(0.02)  # a health check has no need to hurry

    assert set(await flood) == {401}
    # The flood takes seconds; who had to wait for its end, or for a hash on the loop, would too.
    assert len(delays) > 5
    assert sorted(delays)[len(delays) // 2] < 0.2
    assert max(delays) < 1.5
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < KIB_AT_ONCE / 4


async def test_who_finds_the_queue_full_is_turned_away_at_once(
    client: Client, session: ClientSession
) -> None:
    client.app[SESSIONS]._passwords._most_waiting = 5  # instead of five hundred sign-ins

    statuses = await asyncio.gather(*(login(session, number) for number in range(20)))

    assert set(statuses) == {401, 503}
    assert statuses.count(401) >= 5
    client.app[SESSIONS]._passwords._most_waiting = 0
    body = {"email": "nobody@example.com", "password": PASSWORD}
    response = await client.post("/api/auth/login", json=body)
    await problem(response, 503, "unavailable")
    assert int(response.headers["Retry-After"]) > 0
