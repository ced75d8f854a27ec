"""What the metrics tell of mail, and of everything else where PostgreSQL does not tell of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from contactsvc.mail.metrics import outbox_families
from contactsvc.platform import metrics
from contactsvc.platform.clock import now
from tests.conftest import Client, MakeClient
from tests.mail.support import ask
from tests.support.accounts import add_account
from tests.support.scrapes import OUTBOX, REQUESTS, Scrape, scrape, told
from tests.support.smtp_server import MailHandler, smtp_server
from tests.support.waiting import PATIENCE

HUNDRED = timedelta(seconds=100)

pytestmark = pytest.mark.usefixtures("no_requests_yet")


@pytest.fixture
async def other_pg(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A second connection of the test's own."""
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


@pytest.mark.usefixtures("eager_worker")
async def test_mails_that_wait_and_the_one_that_has_waited_longest(
    client: Client, pg: asyncpg.Connection, other_pg: asyncpg.Connection
) -> None:
    async with pg.transaction():
        mail = await ask(pg, "confirm_email", "ada@example.com")
        await ask(pg, "confirm_email", "bob@example.com")
        await pg.execute("UPDATE outbox SET next_attempt_at = now() + interval '1 hour'")
        await pg.execute("UPDATE outbox SET status = 'dead' WHERE id <> $1", mail)
    found = await scrape(client)
    assert found.value("outbox_oldest_due_seconds") == 0
    assert found.value("outbox_mails", status="pending") == 1
    assert found.value("outbox_mails", status="dead") == 1
    async with other_pg.transaction():
        # A worker passes over what somebody else has locked, and a change needs no such lock.
        await other_pg.execute("SELECT FROM outbox FOR KEY SHARE")
        change, due = "UPDATE outbox SET next_attempt_at = $1 WHERE id = $2", now() - HUNDRED
        await pg.execute(change, due, mail)
        waited = (await scrape(client)).value("outbox_oldest_due_seconds")
        assert HUNDRED.total_seconds() <= waited <= (now() - due).total_seconds()
    after = await told(client, lambda s: s.value("outbox_mails", status="pending") == 0)
    assert after.value("outbox_oldest_due_seconds") == 0


@pytest.mark.parametrize(
    ("answer", "result"), [("250 yes", "sent"), ("451 later", "retried"), ("550 no", "dead")]
)
@pytest.mark.usefixtures("eager_worker", "patient_worker")
async def test_tries_to_send_a_mail(
    make_client: MakeClient, pg: asyncpg.Connection, answer: str, result: str
) -> None:
    async with smtp_server(MailHandler({"DATA": answer})) as port:
        client = await make_client(smtp_url=f"smtp://127.0.0.1:{port}")
        before = await scrape(client)
        await add_account(pg, "ada@example.com", confirmed=False)
        await ask(pg, "confirm_email", "ada@example.com")

        def tries(found: Scrape, **labels: str) -> float:
            return found.value("outbox_deliveries_total", **labels)

        after = await told(client, lambda s: tries(s) > tries(before))
        assert tries(after, result=result) == tries(before, result=result) + 1


async def rest_is_told(client: Client) -> None:
    await client.get("/livez")
    async with asyncio.timeout(PATIENCE):  # whoever keeps PostgreSQL from answering does so longer
        found = await scrape(client)
    assert not OUTBOX & found.names
    assert found.value(REQUESTS, route="/livez", status=200) > 0
    assert found.value("contactsvc_build_info") == 1


async def test_without_postgresql_all_the_rest_is_told(make_client: MakeClient) -> None:
    await rest_is_told(await make_client(database_url="postgres://postgres@127.0.0.1:1/contacts"))


@pytest.mark.outage
async def test_a_postgresql_that_hangs_keeps_no_scrape_waiting(
    client: Client, pg: asyncpg.Connection
) -> None:
    async with pg.transaction():
        await pg.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
        await rest_is_told(client)
    await told(client, lambda s: s.names >= OUTBOX)


async def test_a_database_that_is_not_migrated_breaks_no_scrape(
    client: Client, pg: asyncpg.Connection
) -> None:
    await pg.execute("ALTER TABLE outbox RENAME TO kept")
    try:
        await rest_is_told(client)
    finally:
        await pg.execute("ALTER TABLE kept RENAME TO outbox")


async def test_many_scrapes_at_once_are_all_answered(client: Client) -> None:
    async def ask_and(leave: bool) -> str | None:
        try:
            async with asyncio.timeout(0.001 if leave else PATIENCE):
                return await (await client.get("/metrics")).text()
        except TimeoutError:
            return None

    found = await asyncio.gather(*(ask_and(leave=number % 3 == 0) for number in range(30)))

    assert sum(one is not None for one in found) >= 20
    assert all(name in one for name in OUTBOX for one in found if one is not None)


@pytest.mark.parametrize("oldest", [0.0, 12.5])
def test_the_outbox_as_metrics(oldest: float) -> None:
    families = outbox_families(3, 1, oldest_due=oldest, oldest_age=2 * oldest)
    scraped = Scrape(metrics.render(families).decode())

    assert scraped.value("outbox_mails", status="pending") == 3
    assert scraped.value("outbox_mails", status="dead") == 1
    assert scraped.value("outbox_oldest_due_seconds") == oldest
    assert scraped.value("outbox_oldest_age_seconds") == 2 * oldest
