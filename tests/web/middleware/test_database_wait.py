"""Every connection of the pool is in use: whoever needs one waits for it once, and is told.

The loop's clock is put forward while somebody waits, so no machine is too busy for this.
"""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Final

import asyncpg
import pytest
from aiohttp import ClientResponse, ClientTimeout

from contactsvc.housekeeping import Housekeeping
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, PATIENT, Person, problem
from tests.support.cache_leases import lease_of
from tests.support.database import waiting
from tests.support.locks import until_locks_wait
from tests.support.loop_clock import LoopClock
from tests.support.outages import Call, recovers
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

pytestmark = pytest.mark.outage

ADA: Final = {"email": "ada@example.com", "password": PASSWORD}

FOR_EVER: Final = 1e6
"""Seconds; the clock is not put forward that far."""


@pytest.fixture
def settings(settings: Settings, redis_server: RedisServer) -> Settings:
    """One connection; and a real Redis, whose copies are used while PostgreSQL has a say."""
    return replace(
        settings,
        **PATIENT,
        database_pool_size=1,
        redis_url=redis_server.url,
        user_cache_ttl=3600,  # Redis does not go by the loop's clock
    )


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody but calls waits for the connection, and who has it is not given up."""
    for background in (OutboxWorker.__init__, Housekeeping.__init__):
        assert background.__kwdefaults__ is not None
        monkeypatch.setitem(background.__kwdefaults__, "poll", FOR_EVER)
    monkeypatch.setattr("contactsvc.platform.database.watch.SILENCE", FOR_EVER)
    monkeypatch.setattr("contactsvc.platform.database.connection.STATEMENT_TIMEOUT", FOR_EVER)


async def waits(call: Call, clock: LoopClock) -> tuple[float, ClientResponse]:
    """Return the seconds by the clock that a call waits for a connection, and its answer."""
    step = PATIENT["database_timeout"] / 3
    seconds = 0.0
    calling = asyncio.ensure_future(call())
    while not calling.done():
        if waiting():
            clock.move(step)
            seconds += step
        await asyncio.sleep(0.01)  # nothing tells that somebody waits
    return seconds, await calling


async def test_nobody_waits_twice(
    grace: Person, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    """Not even who looks up the user, and then makes do with the copy in Redis."""
    path = f"/api/contacts/{(await grace.add_contact())['id']}"
    client = grace.client
    calls: dict[str, Call] = {
        "read": partial(grace.get, path),
        "write": partial(grace.post, "/api/contacts/", json={"first_name": "Ada"}),
        "transaction": partial(grace.patch, "/api/users/me", json={"name": "Admiral"}),
        "administrators": partial(grace.get, "/api/admin/users"),
        "sign-in": partial(client.post, "/api/auth/login", json=ADA),
        "registration": partial(client.post, "/api/auth/register", json=ADA),
        "reset": partial(client.post, "/api/auth/update_password", json={"email": ADA["email"]}),
        "health": partial(client.get, "/api/healthchecker"),
    }
    lease = lease_of(client)

    async def lapsed() -> bool:
        return lease.allows_without_postgresql(1) and not lease.allows(1)

    async with pg.transaction():
        await pg.execute("SELECT 1 FROM contacts FOR UPDATE")
        patient = ClientTimeout(total=None)
        change = grace.patch(path, json={"first_name": "Augusta"}, timeout=patient)
        holding = asyncio.create_task(change)
        await until_locks_wait(pg)
        await pg.execute("LOCK TABLE pending_invalidations IN ACCESS EXCLUSIVE MODE")
        await until(lapsed)
        clock = LoopClock()
        for name, call in calls.items():
            with subtests.test(name):
                seconds, answer = await waits(call, clock)
                assert 0 < seconds < 1.5 * PATIENT["database_timeout"]
                await problem(answer, 503, "unavailable")
        seconds, answer = await waits(partial(grace.get, "/api/users/me"), clock)
        assert seconds > 0, "the lease has run out"
        assert answer.status == 200, "and Redis knows her still"
        assert not holding.done()

    assert (await holding).status == 200
    await recovers(calls["read"])
