"""What cannot be sent: what is tried again, how late, and what is given up."""

import logging
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import asyncpg
import pytest
from aiosmtpd.smtp import SMTP

from contactsvc.mail.folder import FolderSender
from contactsvc.mail.sender import PermanentFailure, Sender, TemporaryFailure
from contactsvc.mail.worker import MAX_ATTEMPTS, OutboxWorker, max_delay
from contactsvc.platform.clock import now
from tests.mail.support import ask, mail_composer, next_attempt, outbox
from tests.mail.test_worker import DAY, become_due, longest, smtp_worker
from tests.support.accounts import add_account
from tests.support.smtp_server import Dropping, MailHandler, hanging_server, smtp_server

pytestmark = pytest.mark.usefixtures("orm")


@pytest.mark.parametrize("fault", ["refuses", "hangs", "drops", "says 4xx"])
async def test_a_server_in_trouble_loses_nothing(pg: asyncpg.Connection, fault: str) -> None:
    mail_id, begun = await ask(pg, "password_changed", "ada@example.com"), now()
    kind = Dropping if fault == "drops" else SMTP
    async with smtp_server(MailHandler({"DATA": "451 later"}), kind) as port:
        async with hanging_server() as hanging:
            to_refuse = hanging.port
            if fault == "hangs":
                await smtp_worker(hanging.port, timeout=0.1).send_due()
        if fault != "hangs":
            await smtp_worker(to_refuse if fault == "refuses" else port).send_due()

    assert await outbox(pg) == [("pending", 1)]
    assert await next_attempt(pg, mail_id) >= begun + timedelta(seconds=max_delay(1))
    handler = MailHandler()
    async with smtp_server(handler) as port:
        await become_due(pg)
        await smtp_worker(port).send_due()
    assert (await outbox(pg), len(handler.mails())) == ([("sent", 2)], 1)


async def test_delays_grow_until_the_letter_is_dead(pg: asyncpg.Connection) -> None:
    mail_id = await ask(pg, "password_changed", "ada@example.com")
    delays = [timedelta(seconds=max_delay(number)) for number in range(1, MAX_ATTEMPTS)]
    async with smtp_server(MailHandler({"RCPT": "450 ada@example.com is busy"})) as port:
        for delay in delays:
            await become_due(pg)
            begun = now()
            await smtp_worker(port).send_due()
            assert begun + delay <= await next_attempt(pg, mail_id) <= now() + delay
        assert await outbox(pg) == [("pending", MAX_ATTEMPTS - 1)]
        await become_due(pg)
        await smtp_worker(port).send_due()

    assert delays == sorted(delays)
    assert await outbox(pg) == [("dead", MAX_ATTEMPTS)]
    row = await pg.fetchrow("SELECT recipient, last_error, finished_at FROM outbox")
    assert row is not None
    assert row["recipient"] == "ada@example.com", "a dead letter is kept"
    assert "450" in row["last_error"]
    assert "ada" not in row["last_error"]
    assert row["finished_at"] is not None


def test_eight_attempts_take_about_a_day() -> None:
    # Full jitter takes half of each on average.
    average = sum(max_delay(attempts) for attempts in range(1, MAX_ATTEMPTS)) / 2
    assert 0.5 * DAY < average < 1.5 * DAY


async def test_delays_are_spread(pg: asyncpg.Connection, tmp_path: Path) -> None:
    """Mails that failed together must not come back together."""
    (tmp_path / "mail").write_text("in the way")
    for number in range(20):
        await ask(pg, "password_changed", f"ada{number}@example.com")
    await OutboxWorker(FolderSender(tmp_path / "mail"), mail_composer()).send_due()

    # A mail whose delay is short may have had its second try already.
    rows = await pg.fetch("SELECT next_attempt_at FROM outbox WHERE attempts = 1")
    seconds = [(row["next_attempt_at"] - now()).total_seconds() for row in rows]
    assert max(seconds) - min(seconds) > max_delay(1) / 4
    assert max(seconds) <= max_delay(1)


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
async def test_a_letter_that_is_refused_is_dead_at_once(
    pg: asyncpg.Connection, command: str
) -> None:
    await ask(pg, "password_changed", "ada@example.com")
    async with smtp_server(MailHandler({command: "550 no"})) as port:
        await smtp_worker(port).send_due()
    assert await outbox(pg) == [("dead", 1)]
    assert "550" in await pg.fetchval("SELECT last_error FROM outbox")


class Buggy:
    """Fails on some mails as no sender should, with the mail's text in the error."""

    place = "nowhere"

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    async def send(self, message: EmailMessage) -> None:
        if "ada" in message["To"]:
            raise RuntimeError(message.as_string())
        await self._sender.send(message)


async def test_a_bug_is_logged_without_addresses_and_keeps_nobody_back(
    pg: asyncpg.Connection, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "contactsvc")
    await add_account(pg, "ada@example.com", confirmed=False)
    await ask(pg, "confirm_email", "ada@example.com")
    await ask(pg, "password_changed", "grace@example.com")

    await OutboxWorker(Buggy(FolderSender(tmp_path)), mail_composer(), jitter=longest).send_due()

    assert await outbox(pg) == [("pending", 1), ("sent", 1)]
    assert await pg.fetchval("SELECT last_error FROM outbox ORDER BY id LIMIT 1") == "RuntimeError"
    assert "RuntimeError" in caplog.text
    assert "in send" in caplog.text, "the place is told"
    for secret in ("@example.com", "api/auth"):
        assert secret not in caplog.text


@pytest.mark.parametrize("failure", [TemporaryFailure, PermanentFailure])
def test_failures_tell_their_reason(failure: type[Exception]) -> None:
    assert str(failure("The server answers 450.")) == "The server answers 450."
