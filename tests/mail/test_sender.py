"""What every way of sending mail has in common, of each way."""

from collections.abc import AsyncIterator, Callable
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import pytest

from contactsvc.mail.folder import FolderSender
from contactsvc.mail.renderer import MailRenderer
from contactsvc.mail.sender import DeliveryFailure, PermanentFailure, Sender, TemporaryFailure
from contactsvc.mail.smtp import SmtpSender, SmtpServer
from tests.support.mailbox import Mailbox, text
from tests.support.smtp_server import MailHandler, smtp_server


class Way(NamedTuple):
    """A way of sending, where it leads to, and what has come there."""

    sender: Sender
    place: str
    mails: Callable[[], list[EmailMessage]]


def smtp(port: int) -> Sender:
    return SmtpSender(SmtpServer.parse(f"smtp://127.0.0.1:{port}?starttls=never"))


@pytest.fixture(params=["folder", "smtp"])
async def way(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Way]:
    """Each way, to a place that takes mail."""
    if request.param == "folder":
        yield Way(FolderSender(tmp_path), str(tmp_path), Mailbox(tmp_path).all)
        return
    handler = MailHandler()
    async with smtp_server(handler) as port:
        yield Way(smtp(port), f"127.0.0.1:{port}", handler.mails)


def mail() -> EmailMessage:
    renderer = MailRenderer("https://contacts.example.com", "Contacts <post@example.com>")
    return renderer.render("test", "ada@example.com", "test-1")


async def test_a_mail_arrives_as_it_was_given(way: Way) -> None:
    message = mail()
    await way.sender.send(message)
    [arrived] = way.mails()
    for header in ("From", "To", "Subject", "Message-ID", "Date"):
        assert str(arrived[header]) == str(message[header])
    assert text(arrived).splitlines() == text(message).splitlines()


async def test_a_person_is_told_where_it_went(way: Way) -> None:
    assert way.place in way.sender.place


@pytest.mark.parametrize("kind", ["folder", "smtp"])
async def test_a_place_that_is_away_may_come_back(
    kind: str, tmp_path: Path, unused_tcp_port: int
) -> None:
    (tmp_path / "file").touch()
    sender = FolderSender(tmp_path / "file") if kind == "folder" else smtp(unused_tcp_port)
    with pytest.raises(DeliveryFailure) as failure:
        await sender.send(mail())
    assert isinstance(failure.value, TemporaryFailure)
    assert not isinstance(failure.value, PermanentFailure)
    assert str(failure.value)
    assert "ada" not in str(failure.value), "a reason is logged and stored"
