"""Behind PgBouncer, which gives every transaction another connection."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from contactsvc.platform.database.faults import POOLED
from contactsvc.platform.settings import Settings
from tests.conftest import MakeClient, Person, problem
from tests.support import engines
from tests.support.pgbouncer import PGBOUNCER, pgbouncer

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(PGBOUNCER is None, reason="no pgbouncer is installed"),
    # Its socket lets nobody in but the user it runs as.
    pytest.mark.skipif(engines.DATABASE_URL is None, reason="the embedded server has no TCP port"),
]

SERVER_CONNECTIONS = 3


@pytest.fixture
def pooled_url(settings: Settings) -> Iterator[str]:
    """The test's database by way of PgBouncer."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with pgbouncer(str(settings.database_url), folder, SERVER_CONNECTIONS) as url:
            yield url


async def test_more_connections_than_the_server_has(
    make_client: MakeClient, pooled_url: str
) -> None:
    client = await make_client(
        database_url=f"{pooled_url}?statement_cache_size=0",
        database_pool_size=20,
        require_confirmed_email=False,
    )
    body = {"email": "grace@example.com", "password": "correct horse battery staple"}
    assert (await client.post("/api/auth/register", json=body)).status == 201
    grace = Person(client, body["email"])
    await grace.sign_in()

    async def come_and_go(number: int) -> list[int]:
        """Add a contact, read, change, find and remove it."""
        made = await grace.post("/api/contacts/", json={"first_name": f"Ada {number}"})
        path = f"/api/contacts/{(await made.json())['id']}"
        answers = [made, await grace.get(path), await grace.patch(path, json={"notes": "x"})]
        answers += [await grace.get("/api/contacts/?q=ada"), await grace.delete(path)]
        return [answer.status for answer in answers]

    found = await asyncio.gather(*(come_and_go(number) for number in range(40)))

    assert found == [[201, 200, 200, 200, 204]] * 40


async def test_one_that_would_lose_statements_is_told(
    make_client: MakeClient, pooled_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = await make_client(database_url=pooled_url)

    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"][:1] == [POOLED]
    body = await problem(await client.get("/api/healthchecker"), 503, "unavailable")
    assert (body["detail"], body["checks"]["database"]) == (POOLED, "misconfigured")
