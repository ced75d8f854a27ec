"""What docs/how-to/configure-mail.rst says, held against real mail servers."""

import asyncio
import re
from pathlib import Path

import pytest

from contactsvc.mail.model import MailStatus
from contactsvc.mail.smtp import SmtpServer
from contactsvc.mail.worker import MAX_ATTEMPTS, MAX_DELAY, max_delay
from contactsvc.platform.settings import Settings, load_settings
from contactsvc.web.health.service import MAIL_STUCK_AFTER
from tests.cli.support import Command
from tests.support.smtp_server import (
    PASSWORD,
    USER,
    Certificates,
    MailHandler,
    authenticate,
    smtp_server,
)

TEXT = (Path(__file__).parents[2] / "docs" / "how-to" / "configure-mail.rst").read_text()
FORMS = re.findall(r"\* - ``(smtps?://\S+)``\n +- (\d+)\n +- (.+)", TEXT)
SIGN_IN = "service%40example.com:p%40ss%2Fw%C3%B6rd%3F"
MEANS = {
    "STARTTLS, required": (False, True),
    "STARTTLS, if": (False, None),
    "none": (False, False),
    "from the first": (True, False),
}
"""Encryption from the start, and STARTTLS."""


@pytest.fixture
def command(tmp_path: Path) -> Command:
    return Command(DATA_DIR=str(tmp_path), MAIL_FROM="Contacts <contacts@example.com>")


def test_every_form_means_what_the_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(FORMS) == 5
    for url, port, told in FORMS:
        monkeypatch.setenv("SMTP_URL", url)
        assert load_settings(None).smtp_url == url
        server = SmtpServer.parse(url)
        [expected] = [value for words, value in MEANS.items() if told.startswith(words)]
        assert (server.port, server.tls, server.starttls) == (int(port), *expected), url


def test_the_first_example_is_read_as_the_page_says() -> None:
    [url] = re.findall(r"^   SMTP_URL=(\S+)$", TEXT, re.MULTILINE)
    server = SmtpServer.parse(url)
    assert (server.username, server.password) == ("contacts@example.com", "p/ssword")


def test_the_numbers_are_those_of_the_code() -> None:
    told = {status for status in MailStatus if f"* - ``{status}``" in TEXT}
    assert told == set(MailStatus)
    assert [max_delay(attempt) / 60 for attempt in (1, 2, 3)] == [1, 4, 16]
    assert (MAX_ATTEMPTS, MAX_DELAY / 3600) == (8, 16)
    days = [seconds / 86400 for seconds in (Settings.mail_ttl, Settings.dead_mail_ttl)]
    assert (*days, MAIL_STUCK_AFTER / 60) == (30, 90, 5)


def said_in_the_page() -> list[str]:
    """Return the messages of the table "It says"."""
    rows = re.findall(r"^   \* - (``(?:cannot|takes|answers).*)$", TEXT, re.MULTILINE)
    return [said for row in rows for said in re.findall(r"``(.+?)``", row)]


def beginning(said: str) -> str:
    """Return the entry of the table that a real message has; none fails."""
    found = [entry for entry in said_in_the_page() if entry in said]
    assert len(found) == 1, said
    return found[0]


async def failure(command: Command, url: str) -> str:
    """Send a test mail, which must fail, and return the entry of the table that helps."""
    loop = asyncio.get_running_loop()
    result = await loop.run_in_executor(
        None, lambda: command("send-test-email", "you@example.com", SMTP_URL=url)
    )
    assert result.exit_code == 1, result.output
    return beginning(result.stderr)


async def test_it_says_where_the_mail_went(command: Command) -> None:
    handler = MailHandler()
    async with smtp_server(handler) as port:
        url = f"smtp://127.0.0.1:{port}"
        result = await asyncio.to_thread(
            command, "send-test-email", "you@example.com", SMTP_URL=url
        )
    assert result.stdout == f"The mail to you@example.com went to 127.0.0.1:{port}.\n"
    pattern = TEXT.partition("$ contactsvc send-test-email you@example.com\n   ")[2]
    assert pattern.startswith("The mail to you@example.com went to mail.example.com:587.\n")
    assert len(handler.envelopes) == 1


async def test_nobody_listens(command: Command, unused_tcp_port: int) -> None:
    said = await failure(command, f"smtp://127.0.0.1:{unused_tcp_port}")
    assert said == "cannot be used: ConnectionRefusedError"


async def test_a_certificate_of_somebody_else(command: Command) -> None:
    tls = Certificates.make().server
    async with smtp_server(MailHandler(), tls=tls) as port:
        said = await failure(command, f"smtps://127.0.0.1:{port}")
    assert said == "cannot be used: SSLCertVerificationError"


async def test_a_wrong_password(command: Command) -> None:
    handler = MailHandler()
    async with smtp_server(handler, authenticator=authenticate, auth_require_tls=False) as port:
        url = f"smtp://{SIGN_IN}x@127.0.0.1:{port}?starttls=never"
        said = await failure(command, url)
        right = f"smtp://{SIGN_IN}@127.0.0.1:{port}?starttls=never"
        assert SmtpServer.parse(right).username == USER
        assert SmtpServer.parse(right).password == PASSWORD
    assert said == "answers 535 before any mail was handed in"


@pytest.mark.parametrize(
    ("at", "who"), [("MAIL", "sender"), ("RCPT", "recipient")], ids=["sender", "recipient"]
)
async def test_an_address_that_is_refused(command: Command, at: str, who: str) -> None:
    async with smtp_server(MailHandler(answers={at: "550 No"})) as port:
        said = await failure(command, f"smtp://127.0.0.1:{port}")
    assert said == f"answers 550 to the {who}"
