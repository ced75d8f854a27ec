"""Mail from the request that asks for it to the server that takes it, through every trouble."""

import asyncio
import logging
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from contactsvc.cli import main
from contactsvc.mail.smtp import SmtpSender, SmtpServer
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.clock import now
from contactsvc.platform.database import database
from tests.conftest import PASSWORD, Client, MakeClient
from tests.mail.support import ask, mail_composer, outbox, token
from tests.support.accounts import add_account
from tests.support.mailbox import Mailbox
from tests.support.scrapes import scrape
from tests.support.smtp_server import MailHandler, hanging_server, smtp_server
from tests.support.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
ADA = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada Lovelace"}
SHORT_LEASE = 1.0


async def register(client: Client) -> None:
    async with client.post("/api/auth/register", json=ADA) as response:
        assert response.status == 201, await response.text()


async def test_a_registration_brings_a_mail(client: Client, mailbox: Mailbox) -> None:
    await register(client)
    mail = await mailbox.next("ada@example.com")
    assert mail["Subject"] == "Confirm your e-mail address"


@pytest.fixture
def patient_sender(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the service wait for a mail server longer than the test does for the service."""
    monkeypatch.setattr(
        "contactsvc.assembly.SmtpSender", partial(SmtpSender, timeout=10 * PATIENCE)
    )


@pytest.mark.usefixtures("patient_sender")
async def test_no_request_waits_for_the_mail_server(make_client: MakeClient) -> None:
    async with hanging_server() as server:
        client = await make_client(smtp_url=f"smtp://127.0.0.1:{server.port}")
        async with asyncio.timeout(PATIENCE):
            await register(client)
            await server.called.wait()  # the worker hangs from here on
            for path in ("request_email", "update_password"):
                body = {"email": "ada@example.com"}
                async with client.post(f"/api/auth/{path}", json=body) as response:
                    assert response.status == 202
            assert (await client.get("/livez")).status == 200


async def health(client: Client) -> tuple[str, str]:
    async with client.get("/api/healthchecker") as response:
        assert response.status == 200
        body = await response.json()
    return body["status"], body["checks"]["mail"]


@pytest.mark.usefixtures("patient_worker")
async def test_a_server_that_refuses_for_long_is_seen(
    pg: asyncpg.Connection, make_client: MakeClient
) -> None:
    """It is asked again and again, so that no mail is due for long."""
    async with smtp_server(MailHandler(answers={"RCPT": "451 later"})) as port:
        client = await make_client(smtp_url=f"smtp://127.0.0.1:{port}")
        await register(client)
        await until(lambda: pg.fetchval("SELECT last_error <> '' FROM outbox"))
        assert await health(client) == ("ok", "ok")

        moment = now() - timedelta(minutes=6)
        later = now() + timedelta(hours=1)
        change = "UPDATE outbox SET created_at = $1, next_attempt_at = $2, attempts = 1"
        await pg.execute(change, moment, later)

        assert await health(client) == ("degraded", "stuck")
        scraped = await scrape(client)
        assert scraped.value("outbox_oldest_due_seconds") == 0
        age = scraped.value("outbox_oldest_age_seconds")
        assert 360 <= age <= (now() - moment).total_seconds()


@pytest.mark.usefixtures("patient_sender")
@pytest.mark.usefixtures("eager_worker")
async def test_dead_letters_are_no_illness_and_a_stuck_outbox_is(
    pg: asyncpg.Connection, make_client: MakeClient
) -> None:
    await ask(pg, "password_changed", "ada@example.com")
    await pg.execute("UPDATE outbox SET status = 'dead', created_at = '2000-01-01Z'")
    async with hanging_server() as server:
        client = await make_client(smtp_url=f"smtp://127.0.0.1:{server.port}")
        assert (await health(client))[1] == "ok"
        await ask(pg, "password_changed", "ada@example.com")
        await server.called.wait()
        await ask(pg, "password_changed", "grace@example.com")
        assert (await health(client))[1] == "ok"
        old = now() - timedelta(minutes=6)
        await pg.execute(
            "UPDATE outbox SET created_at = $1 WHERE recipient = 'grace@example.com'", old
        )
        assert await health(client) == ("degraded", "stuck")


@pytest.mark.parametrize("way", ["folder", "smtp"])
async def test_a_token_is_in_the_mail_and_nowhere_else(
    pg: asyncpg.Connection,
    make_client: MakeClient,
    mailbox: Mailbox,
    caplog: pytest.LogCaptureFixture,
    way: str,
) -> None:
    caplog.set_level(logging.CRITICAL, "mail.log")  # the mail server's own
    caplog.set_level(logging.DEBUG)
    handler = MailHandler()
    async with smtp_server(handler) as port:
        changes = {"smtp_url": f"smtp://127.0.0.1:{port}"} if way == "smtp" else {}
        client = await make_client(**changes)
        await register(client)

        async def sent() -> bool:
            return await outbox(pg) == [("sent", 1)]

        await until(sent)
    [mail] = handler.mails() if way == "smtp" else mailbox.all()
    secret = token(mail)

    assert len(secret) == 43
    tables = await pg.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        rows = await pg.fetch(f'SELECT t::text FROM "{table}" t')
        assert secret not in str(rows), table
    assert "INSERT INTO" in str([record.args for record in caplog.records]), "DEBUG is logged"
    for record in caplog.records:
        assert secret not in f"{record.getMessage()} {record.args} {record.exc_text}", record.name


async def test_links_do_not_follow_the_host_header(client: Client, mailbox: Mailbox) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    async with client.post("/api/auth/register", json=ADA, headers=headers) as response:
        assert response.status == 201
    mail = await mailbox.next("ada@example.com")
    assert "evil.example" not in mail.as_string()
    assert token(mail)


@asynccontextmanager
async def worker_process(url: str, port: int, lease: float = 60) -> AsyncIterator[Process]:
    """A real worker, killed at the end if it still lives."""
    arguments = ("-m", "tests.support.outbox_worker", url, str(port), str(lease))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


@pytest.mark.process
async def test_two_workers_share_the_work_and_double_nothing(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    recipients = [f"ada{number}@example.com" for number in range(200)]
    first, second = MailHandler(), MailHandler()
    async with (
        smtp_server(first) as one,
        smtp_server(second) as two,
        worker_process(postgres_url, one),
        worker_process(postgres_url, two),
    ):
        # Both are up when each has sent something: then neither can have it all.
        async def both_work() -> bool:
            await ask(pg, "password_changed", "warm.up@example.com")
            return bool(first.envelopes and second.envelopes)

        await until(both_work)
        async with pg.transaction():
            for recipient in recipients:
                await ask(pg, "password_changed", recipient)

        async def all_sent() -> bool:
            return set(await outbox(pg)) == {("sent", 1)}

        await until(all_sent)

    shares = [Counter(str(mail["To"]) for mail in handler.mails()) for handler in (first, second)]
    for share in shares:
        del share["warm.up@example.com"]
        assert share, "each has sent some"
    assert shares[0] + shares[1] == Counter(recipients)
    assert len(set(first.message_ids() + second.message_ids())) == await pg.fetchval(
        "SELECT count(*) FROM outbox"
    )


@asynccontextmanager
async def locked(
    pg: asyncpg.Connection, url: str, statement: str
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Hold a lock that a worker runs into; gives a question whether one has.

    At the end whoever waits for it is ended first, as the server would end the statement of a
    client that it knows to be dead.
    """
    holder = await asyncpg.connect(url)
    waiting = (
        "FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'contactsvc' AND wait_event_type = 'Lock'"
    )
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute(statement)

    async def somebody_waits() -> bool:
        return bool(await pg.fetchval(f"SELECT count(*) {waiting}"))

    try:
        yield somebody_waits
    finally:
        await pg.execute(f"SELECT pg_terminate_backend(pid) {waiting}")
        await transaction.rollback()
        await holder.close()


async def kill(process: Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def take_over(url: str, port: int, pg: asyncpg.Connection) -> None:
    """Let another worker go on until the outbox is empty."""
    smtp = SmtpSender(SmtpServer.parse(f"smtp://127.0.0.1:{port}"))

    async def done() -> bool:
        return {status for status, _ in await outbox(pg)} == {"sent"}

    async with database(url), OutboxWorker(smtp, mail_composer(), poll=0.05).running():
        await until(done)


@pytest.mark.process
async def test_killed_with_a_claim_in_hand(pg: asyncpg.Connection, postgres_url: str) -> None:
    await add_account(pg, "ada@example.com", confirmed=False)
    await ask(pg, "confirm_email", "ada@example.com")
    handler = MailHandler()
    async with smtp_server(handler) as port:
        # It claims, and then wants to look the account up.
        async with (
            locked(pg, postgres_url, "LOCK TABLE users") as somebody_waits,
            worker_process(postgres_url, port, SHORT_LEASE) as process,
        ):
            await until(somebody_waits)
            await kill(process)
        assert await outbox(pg) == [("pending", 1)]
        await take_over(postgres_url, port, pg)
    assert len(handler.mails()) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.process
async def test_killed_while_it_hands_in(
    pg: asyncpg.Connection, postgres_url: str, step: str
) -> None:
    reached = asyncio.Event()

    async def hang() -> None:
        reached.set()
        del handler.at[step]
        await asyncio.Event().wait()  # till it is killed

    await ask(pg, "password_changed", "ada@example.com")
    handler = MailHandler(at={step: hang})
    async with smtp_server(handler) as port:
        async with worker_process(postgres_url, port, SHORT_LEASE) as process:
            await asyncio.wait_for(reached.wait(), PATIENCE)
            await kill(process)
        await take_over(postgres_url, port, pg)
    assert len(handler.mails()) == 1


@pytest.mark.parametrize("noticed", [False, True], ids=["before the answer", "before the note"])
@pytest.mark.process
async def test_killed_when_the_server_has_the_mail(
    pg: asyncpg.Connection, postgres_url: str, noticed: bool
) -> None:
    """The one moment at which a mail is doubled: nobody can know that it was taken."""
    taken, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        taken.set()
        await go_on.wait()

    mail_id = await ask(pg, "password_changed", "ada@example.com")
    await ask(pg, "password_changed", "grace@example.com")
    handler = MailHandler(at={"answer": wait})
    async with smtp_server(handler) as port:
        async with worker_process(postgres_url, port, SHORT_LEASE) as process:
            await asyncio.wait_for(taken.wait(), PATIENCE)
            lock = f"SELECT FROM outbox WHERE id = {mail_id} FOR UPDATE"
            async with locked(pg, postgres_url, lock) as somebody_waits:
                if noticed:
                    go_on.set()
                    await until(somebody_waits)
                await kill(process)
                go_on.set()
        await take_over(postgres_url, port, pg)

    counts = Counter(handler.message_ids())
    assert sorted(counts.values()) == [1, 2], "one extra, of the mail that was in hand"
    assert len(counts) == 2, "and both copies can be told to be one mail"


@pytest.mark.parametrize("way", ["folder", "smtp", "away", "no address"])
async def test_the_command_sends_a_mail_and_says_where_it_went(tmp_path: Path, way: str) -> None:
    handler = MailHandler()
    environment: dict[str, str | None] = {"DATA_DIR": str(tmp_path), "SMTP_URL": None}
    async with hanging_server() as gone:
        pass  # its port is free again
    async with smtp_server(handler) as port:
        if way == "smtp":
            environment["SMTP_URL"] = f"smtp://127.0.0.1:{port}"
        if way == "away":
            environment["SMTP_URL"] = f"smtp://127.0.0.1:{gone.port}"
        address = "nobody" if way == "no address" else "ada@example.com"
        arguments = ["send-test-email", address]
        # In a thread: the command brings a loop of its own.
        result = await asyncio.to_thread(CliRunner().invoke, main, arguments, env=environment)

    works = way in ("folder", "smtp")
    assert result.exit_code == (0 if works else 1), result.output
    assert "Traceback" not in result.output
    place = {"folder": str(tmp_path / "mail"), "away": f"127.0.0.1:{gone.port}"}
    assert place.get(way, str(port) if way == "smtp" else "not an e-mail") in result.output
    assert len(handler.mails()) + len(Mailbox(tmp_path / "mail").all()) == works
