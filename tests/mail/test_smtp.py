"""Mail through SMTP: handed in whole, or a failure that says what to do and nothing more."""

import asyncio
import logging
import ssl
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP

from contactsvc.mail.renderer import MailRenderer
from contactsvc.mail.sender import DeliveryFailure, PermanentFailure, TemporaryFailure
from contactsvc.mail.smtp import SmtpSender, SmtpServer
from tests.support.loop_clock import LoopClock, rounds
from tests.support.smtp_server import (
    PASSWORD,
    USER,
    Certificates,
    Dropping,
    MailHandler,
    Swallowing,
    authenticate,
    hanging_server,
    smtp_server,
)
from tests.support.waiting import PATIENCE

SIGN_IN = "service%40example.com:p%40ss%2Fw%C3%B6rd%3F"
TOKEN = "t0ken" * 9
HOUR = 3600.0


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates.make()


@pytest.fixture
def handler() -> MailHandler:
    return MailHandler()


def mail(to: str = "ada@example.com") -> EmailMessage:
    renderer = MailRenderer("https://contacts.example.com", "Contacts <post@example.com>")
    link = renderer.link("auth/confirmed_email", TOKEN)
    return renderer.render("confirm_email", to, "outbox-1", link=link, valid_for="1 hour")


def sender(port: int, rest: str = "", timeout: float = 10, **options: ssl.SSLContext) -> SmtpSender:
    server = SmtpServer.parse(f"smtp://127.0.0.1:{port}{rest}")
    return SmtpSender(server, timeout=timeout, tls_context=options.get("trusting"))


def assert_tells_nothing(failure: DeliveryFailure) -> None:
    """A failure is logged and stored: no address, text or credential may be in it."""
    assert failure.__cause__ is None
    assert failure.__suppress_context__ or failure.__context__ is None
    for secret in ("ada", "post@", "service", "p@ss", TOKEN, "Confirm"):
        assert secret not in str(failure)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail", SmtpServer("mail", 587, None, None, False, None)),
        ("smtp://mail:25?starttls=auto", SmtpServer("mail", 25, None, None, False, None)),
        ("smtp://mail?starttls=required", SmtpServer("mail", 587, None, None, False, True)),
        ("smtp://mail?starttls=never", SmtpServer("mail", 587, None, None, False, False)),
        # Whoever hides the offer of STARTTLS shall not get the password.
        (f"smtp://{SIGN_IN}@mail", SmtpServer("mail", 587, USER, PASSWORD, False, True)),
        (
            f"smtp://{SIGN_IN}@mail?starttls=auto",
            SmtpServer("mail", 587, USER, PASSWORD, False, True),
        ),
        (
            f"smtp://{SIGN_IN}@mail?starttls=never",
            SmtpServer("mail", 587, USER, PASSWORD, False, False),
        ),
        (f"smtps://{SIGN_IN}@mail", SmtpServer("mail", 465, USER, PASSWORD, True, False)),
        ("smtps://[::1]:4650", SmtpServer("::1", 4650, None, None, True, False)),
    ],
)
def test_the_url_is_read(url: str, expected: SmtpServer) -> None:
    assert SmtpServer.parse(url) == expected
    assert PASSWORD not in repr(SmtpServer.parse(url))


async def test_a_mail_arrives_whole(handler: MailHandler) -> None:
    async with smtp_server(handler) as port:
        await sender(port).send(mail())

    [envelope], [received] = handler.envelopes, handler.mails()
    assert (envelope.mail_from, envelope.rcpt_tos) == ("post@example.com", ["ada@example.com"])
    assert received["Subject"] == "Confirm your e-mail address"
    assert received["Message-ID"] == "<outbox-1@example.com>"
    body = received.get_body(("plain",))
    assert body is not None
    assert f"/api/auth/confirmed_email/{TOKEN}\r\n" in body.get_content()


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("421 ada@example.com: closing", TemporaryFailure),
        ("450 ada@example.com is busy", TemporaryFailure),
        ("530 sign in first", TemporaryFailure),
        ("550 no such user: ada@example.com", PermanentFailure),
        ("554 spam: t0ken", PermanentFailure),
    ],
)
async def test_an_answer_decides_whether_to_try_again(
    handler: MailHandler, command: str, answer: str, expected: type[DeliveryFailure]
) -> None:
    handler.answers[command] = answer
    async with smtp_server(handler) as port:
        with pytest.raises(expected, match=answer[:3]) as failure:
            await sender(port).send(mail())
    assert_tells_nothing(failure.value)
    assert handler.mails() == []


async def test_nobody_listening_is_temporary() -> None:
    async with hanging_server() as server:
        port = server.port
    with pytest.raises(TemporaryFailure, match=str(port)) as failure:
        await sender(port).send(mail())
    assert_tells_nothing(failure.value)


async def test_a_server_that_hangs_is_given_up_in_time() -> None:
    clock = LoopClock()
    async with hanging_server() as server:
        sending = asyncio.create_task(sender(server.port, timeout=HOUR).send(mail()))
        await server.called.wait()
        await rounds()
        clock.move(HOUR)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(TemporaryFailure, match="too long") as failure:
                await sending
    assert_tells_nothing(failure.value)


async def test_the_connection_of_a_mail_that_takes_too_long_is_closed() -> None:
    clock, greeted, closed = LoopClock(), asyncio.Event(), asyncio.Event()

    async def hang_after_ehlo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 127.0.0.1\r\n")
        await reader.readline()
        writer.write(b"250 127.0.0.1\r\n")
        greeted.set()
        await reader.read()  # returns when the client closes the connection
        closed.set()
        writer.close()

    server = await asyncio.start_server(hang_after_ehlo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        sending = asyncio.create_task(sender(port, timeout=HOUR).send(mail()))
        await greeted.wait()
        await rounds()  # an answer that arrives with the end of the time is still taken
        clock.move(HOUR)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(TemporaryFailure, match="too long"):
                await sending
            await closed.wait()


@pytest.mark.parametrize("kind", [Dropping, Swallowing])
async def test_a_mail_that_the_server_never_takes_is_temporary(
    handler: MailHandler, kind: type[SMTP]
) -> None:
    async with smtp_server(handler, kind) as port:
        with pytest.raises(TemporaryFailure) as failure:
            await sender(port, timeout=0.2).send(mail())
    assert_tells_nothing(failure.value)
    assert handler.mails() == []


class DroppingAtQuit(SMTP):
    """Drops the connection instead of answering QUIT."""

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()


async def test_a_connection_dropped_at_quit_is_no_failure(handler: MailHandler) -> None:
    async with smtp_server(handler, DroppingAtQuit) as port:
        await sender(port).send(mail())
    assert len(handler.mails()) == 1


async def test_an_address_beyond_ascii_goes_to_servers_that_know_it(handler: MailHandler) -> None:
    async with smtp_server(handler, enable_SMTPUTF8=True) as port:
        await sender(port).send(mail("ädä@münchen.example"))
    [envelope] = handler.envelopes
    assert envelope.rcpt_tos == ["ädä@xn--mnchen-3ya.example"]
    assert "SMTPUTF8" in envelope.mail_options


async def test_an_address_beyond_ascii_fails_for_good_elsewhere(handler: MailHandler) -> None:
    async with smtp_server(handler) as port:
        with pytest.raises(PermanentFailure, match="ASCII") as failure:
            await sender(port).send(mail("ädä@example.com"))
    assert "ädä" not in str(failure.value)


async def test_a_unicode_domain_needs_no_such_server(handler: MailHandler) -> None:
    async with smtp_server(handler) as port:
        await sender(port).send(mail("ada@münchen.example"))
    assert handler.envelopes[0].rcpt_tos == ["ada@xn--mnchen-3ya.example"]


@pytest.mark.parametrize("rest", ["", "?starttls=auto", "?starttls=required"])
async def test_starttls_is_used_where_it_is_offered(
    handler: MailHandler, certificates: Certificates, rest: str
) -> None:
    async with smtp_server(handler, tls_context=certificates.server) as port:
        await sender(port, rest, trusting=certificates.trusting).send(mail())
    assert handler.sessions[0].ssl is not None


async def test_starttls_can_be_left_out(handler: MailHandler, certificates: Certificates) -> None:
    async with smtp_server(handler, tls_context=certificates.server) as port:
        await sender(port, "?starttls=never").send(mail())
    assert handler.sessions[0].ssl is None


async def test_nothing_is_handed_in_where_required_starttls_is_not_offered(
    handler: MailHandler,
) -> None:
    async with smtp_server(handler) as port:
        with pytest.raises(TemporaryFailure):
            await sender(port, "?starttls=required").send(mail())
    assert handler.mails() == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    handler: MailHandler, certificates: Certificates
) -> None:
    async with smtp_server(handler, tls_context=certificates.server) as port:
        with pytest.raises(TemporaryFailure) as failure:
            await sender(port, "?starttls=auto").send(mail())
    assert_tells_nothing(failure.value)
    assert handler.mails() == []


async def test_a_certificate_must_be_the_servers_own(
    handler: MailHandler, certificates: Certificates
) -> None:
    async with smtp_server(handler, tls_context=certificates.server) as port:
        server = SmtpServer.parse(f"smtp://localhost:{port}?starttls=required")
        with pytest.raises(TemporaryFailure):
            await SmtpSender(server, tls_context=certificates.trusting).send(mail())
    assert handler.mails() == []


async def test_smtps_is_encrypted_from_the_start(
    handler: MailHandler, certificates: Certificates
) -> None:
    async with smtp_server(handler, tls=certificates.server) as port:
        server = SmtpServer.parse(f"smtps://127.0.0.1:{port}")
        await SmtpSender(server, tls_context=certificates.trusting).send(mail())
    assert len(handler.mails()) == 1


@pytest.mark.parametrize("sign_in", [SIGN_IN, "service%40example.com:wrong"])
async def test_signing_in(
    handler: MailHandler,
    certificates: Certificates,
    sign_in: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    async with smtp_server(
        handler,
        tls_context=certificates.server,
        auth_required=True,
        authenticator=authenticate,
    ) as port:
        server = SmtpServer.parse(f"smtp://{sign_in}@127.0.0.1:{port}")
        sending = SmtpSender(server, tls_context=certificates.trusting).send(mail())
        if sign_in == SIGN_IN:
            await sending
        else:
            # A wrong setting is no fault of the mail's: it is kept until the setting is mended.
            with pytest.raises(TemporaryFailure, match="535") as failure:
                await sending
            assert_tells_nothing(failure.value)
    assert len(handler.mails()) == (sign_in == SIGN_IN)
    assert not [r for r in caplog.records if r.name != "mail.log" and "wrong" in r.getMessage()]


async def test_no_password_is_sent_in_the_clear(handler: MailHandler) -> None:
    async with smtp_server(handler, authenticator=authenticate, auth_require_tls=False) as port:
        server = SmtpServer.parse(f"smtp://{SIGN_IN}@127.0.0.1:{port}")
        with pytest.raises(TemporaryFailure):
            await SmtpSender(server).send(mail())
    assert handler.mails() == []
