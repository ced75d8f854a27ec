"""All connections of a small pool are at work: whoever waits for one is told in time."""

import asyncio
from dataclasses import replace
from functools import partial

import asyncpg
import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import PATIENT, MakeClient, Person
from tests.support.locks import until_locks_wait
from tests.support.outages import is_unavailable, recovers
from tests.support.postgresql_outages import HASTY, there, what_needs_none
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.outage


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, **PATIENT)


async def test_an_exhausted_pool(
    make_client: MakeClient,
    grace: Person,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Who holds the connection is not asked about here, and so can't be given up.
    monkeypatch.setattr("contactsvc.platform.database.watch.SILENCE", PATIENCE)
    contact = await grace.add_contact()
    path = f"/api/contacts/{contact['id']}"
    small = there(grace, await make_client(database_pool_size=1, **HASTY))
    read = partial(small.get, path)
    await recovers(read)
    async with pg.transaction():
        await pg.execute("SELECT 1 FROM contacts FOR UPDATE")
        change = partial(small.patch, path, json={"first_name": "Augusta"})
        holding = asyncio.create_task(recovers(change))
        await until_locks_wait(pg)

        await asyncio.gather(*(is_unavailable(read) for _ in range(5)))
        await what_needs_none(small.client)
        assert not holding.done()

    assert (await holding).status == 200
    await recovers(read)
