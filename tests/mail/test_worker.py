"""The worker: nothing is lost, little is doubled, and nothing stops it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from contactsvc.mail.folder import FolderSender
from contactsvc.mail.smtp import SmtpSender, SmtpServer
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.clock import now
from tests.mail.support import ask, mail_composer, next_attempt, outbox
from tests.support import engines
from tests.support.mailbox import Mailbox
from tests.support.smtp_server import MailHandler, hanging_server, smtp_server
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.usefixtures("orm")

DAY = 24 * 3600

Outage = Callable[[bool], Awaitable[None]]


class Observed(OutboxWorker):
    """Counts how often it has found nothing to do."""

    rests = 0

    async def _rest(self) -> None:
        self.rests += 1
        await super()._rest()


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path)


@pytest.fixture
def worker(tmp_path: Path) -> Observed:
    """A worker that writes into the mailbox."""
    return Observed(FolderSender(tmp_path), mail_composer(), poll=0.02)


def longest(_: float, high: float) -> float:
    """Choose the longest delay, so that no mail is due again while it is looked at."""
    return high


def smtp_worker(port: int, timeout: float = DAY, grace: float = DAY) -> OutboxWorker:
    """A worker that takes its time, and the longest delay."""
    smtp = SmtpSender(SmtpServer.parse(f"smtp://127.0.0.1:{port}"), timeout=timeout)
    return OutboxWorker(smtp, mail_composer(), poll=0.02, lease=DAY, grace=grace, jitter=longest)


async def become_due(pg: asyncpg.Connection) -> None:
    await pg.execute("UPDATE outbox SET next_attempt_at = now()")


async def eventually(pg: asyncpg.Connection, expected: list[tuple[str, int]]) -> None:
    """Wait until the outbox looks so."""

    async def looks_so() -> bool:
        return await outbox(pg) == expected

    await until(looks_so)


async def test_what_is_due_is_sent_in_order(
    pg: asyncpg.Connection, worker: OutboxWorker, mailbox: Mailbox
) -> None:
    for number in range(3):
        await ask(pg, "password_changed", f"ada{number}@example.com")

    assert await worker.send_due() == 3

    assert [mail["To"] for mail in mailbox.all()] == [f"ada{n}@example.com" for n in range(3)]
    assert await outbox(pg) == [("sent", 1)] * 3
    assert await pg.fetchval("SELECT count(*) FROM outbox WHERE finished_at IS NULL") == 0
    assert await worker.send_due() == 0


async def test_what_is_not_due_any_more_is_skipped(
    pg: asyncpg.Connection, worker: OutboxWorker, mailbox: Mailbox
) -> None:
    await ask(pg, "reset_password", "nobody@example.com")
    await worker.send_due()
    assert (await outbox(pg), mailbox.all()) == ([("skipped", 1)], [])


async def test_what_is_not_due_yet_waits(pg: asyncpg.Connection, worker: OutboxWorker) -> None:
    await ask(pg, "password_changed", "ada@example.com")
    await pg.execute("UPDATE outbox SET next_attempt_at = now() + interval '1 minute'")
    assert await worker.send_due() == 0


async def test_a_woken_worker_does_not_wait_for_its_next_look(
    pg: asyncpg.Connection, tmp_path: Path, mailbox: Mailbox
) -> None:
    worker = Observed(FolderSender(tmp_path), mail_composer(), poll=DAY)
    async with worker.running():
        await until(lambda: worker.rests)
        await ask(pg, "password_changed", "ada@example.com")
        worker.wake()
        assert (await mailbox.next("ada@example.com"))["Subject"]


async def test_mail_that_another_process_asked_for_is_found(
    pg: asyncpg.Connection, worker: OutboxWorker, mailbox: Mailbox
) -> None:
    async with worker.running():
        await ask(pg, "password_changed", "ada@example.com")
        assert await mailbox.next("ada@example.com")


@pytest.mark.parametrize("recipient", ["not an address", "a@b.example\r\nBcc: c@d.example"])
async def test_an_address_that_is_none_is_dead_at_once(
    pg: asyncpg.Connection, worker: OutboxWorker, mailbox: Mailbox, recipient: str
) -> None:
    await ask(pg, "password_changed", recipient)
    await worker.send_due()
    assert (await outbox(pg), mailbox.all()) == ([("dead", 1)], [])


async def test_a_claim_is_respected_until_it_runs_out(
    pg: asyncpg.Connection, worker: OutboxWorker
) -> None:
    mail_id, begun = await ask(pg, "password_changed", "ada@example.com"), now()
    async with hanging_server() as server:
        stuck = asyncio.create_task(smtp_worker(server.port).send_due())
        await server.called.wait()
        assert await worker.send_due() == 0, "another worker has it"
        lease = timedelta(seconds=DAY)
        assert begun + lease <= await next_attempt(pg, mail_id) <= now() + lease
        await become_due(pg)  # as it is a day later
        assert await worker.send_due() == 1
        stuck.cancel()
        await asyncio.gather(stuck, return_exceptions=True)
    assert await outbox(pg) == [("sent", 2)]


async def test_stopping_lets_the_mail_in_hand_go_out(pg: asyncpg.Connection) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        arrived.set()
        await go_on.wait()

    for _ in range(2):
        await ask(pg, "password_changed", "ada@example.com")
    handler = MailHandler(at={"DATA": wait})
    async with smtp_server(handler) as port:
        worker = smtp_worker(port)

        async def go_on_when_stopping() -> None:
            await until(lambda: worker._stopping)
            go_on.set()

        async with worker.running():
            await arrived.wait()
            going_on = asyncio.create_task(go_on_when_stopping())
        await going_on
    assert await outbox(pg) == [("sent", 1), ("pending", 0)]


async def test_stopping_does_not_wait_for_ever(pg: asyncpg.Connection) -> None:
    mail_id = await ask(pg, "password_changed", "ada@example.com")
    async with hanging_server() as server:
        async with asyncio.timeout(PATIENCE):
            async with smtp_worker(server.port, grace=0.1).running():
                await server.called.wait()
    assert await outbox(pg) == [("pending", 1)]
    assert await next_attempt(pg, mail_id) <= now(), (
        "it is given back, and another may send it at once"
    )


@pytest.fixture
async def outage(postgres_url: str) -> AsyncIterator[Outage]:
    """Send the workers away from the database, or let them in again."""
    name = urlsplit(postgres_url).path.lstrip("/")
    embedded = urlunsplit(urlsplit(postgres_url)._replace(path="/template1"))
    admin = await asyncpg.connect(engines.DATABASE_URL or embedded)

    async def switch(away: bool) -> None:
        await admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {str(not away).lower()}')
        if away:
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = $1 AND application_name = 'contactsvc'",
                name,
            )

    yield switch
    await switch(False)
    await admin.close()


async def test_it_lives_through_an_outage_of_postgresql(
    pg: asyncpg.Connection,
    worker: Observed,
    mailbox: Mailbox,
    outage: Outage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with worker.running():
        await outage(True)
        await ask(pg, "password_changed", "ada@example.com")
        await until(lambda: "cannot be worked on" in caplog.text)
        looks = worker.rests
        await until(lambda: worker.rests > looks + 3)  # of which nobody needs to hear
        assert mailbox.all() == []
        await outage(False)
        assert await mailbox.next("ada@example.com")
        await eventually(pg, [("sent", 1)])
    assert caplog.text.count("cannot be worked on") == 1


async def test_a_mail_that_was_sent_is_noted_when_postgresql_is_back(
    pg: asyncpg.Connection, outage: Outage, caplog: pytest.LogCaptureFixture
) -> None:
    async def cut() -> None:
        await outage(True)

    await ask(pg, "password_changed", "ada@example.com")
    handler = MailHandler(at={"DATA": cut})
    async with smtp_server(handler) as port, smtp_worker(port).running():
        await until(lambda: "cannot be worked on" in caplog.text)
        assert handler.mails(), "it was sent, which cannot be noted"
        await outage(False)
        await eventually(pg, [("sent", 1)])
    assert len(handler.mails()) == 1
