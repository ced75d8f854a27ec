"""Mail from the request that asks for it to the server that takes it, through every trouble."""

import asyncio
import logging
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from click.testing import CliRunner

from contactsvc.cli import main
from contactsvc.mail.smtp import SmtpSender
from contactsvc.platform.clock import now
from tests.conftest import PASSWORD, Client, MakeClient
from tests.mail.support import ask, outbox, token
from tests.support.mailbox import Mailbox
from tests.support.scrapes import scrape
from tests.support.smtp_server import MailHandler, hanging_server, smtp_server
from tests.support.waiting import PATIENCE, until

ADA = {"email": "ada@example.com", "password": PASSWORD, "name": "Ada Lovelace"}


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
