"""Real SMTP servers for the tests: one that takes mail, and some that misbehave."""

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.waiting import until_accepted

USER = "service@example.com"
PASSWORD = "p@ss/wörd?"


@dataclass
class MailHandler:
    """aiosmtpd's handler: takes mail and keeps it, or answers as it is told.

    Args:
        answers: What to say instead of 250, by command (MAIL, RCPT or DATA).
        at: What to do before, by command; "answer" is when a mail is taken and nobody knows yet.
    """

    answers: dict[str, str] = field(default_factory=dict)
    at: dict[str, Callable[[], Awaitable[None]]] = field(default_factory=dict)
    envelopes: list[Envelope] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)

    # Methods and not properties: aiosmtpd looks at every attribute for each connection.

    def mails(self) -> list[EmailMessage]:
        """The mails that were taken, the oldest first."""
        return [_parse(envelope) for envelope in self.envelopes]

    def message_ids(self) -> list[str]:
        return [str(mail["Message-ID"]) for mail in self.mails()]

    async def _answer(self, command: str) -> str:
        if command in self.at:
            await self.at[command]()
        return self.answers.get(command, "250 OK")

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, sender: str, options: list[str]
    ) -> str:
        envelope.mail_from = sender
        envelope.mail_options.extend(options)
        return await self._answer("MAIL")

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, to: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(to)
        return await self._answer("RCPT")

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await self._answer("DATA")
        if answer.startswith("250"):
            self.envelopes.append(envelope)
            self.sessions.append(session)
            if "answer" in self.at:
                await self.at["answer"]()
        return answer


def _parse(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


class Dropping(SMTP):
    """Hangs up when a mail has begun to come in."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self.push("354 Go on")
        await self._reader.readline()
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.abort()


class Swallowing(SMTP):
    """Takes a mail in and never says what became of it."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self.push("354 Go on")
        await self._reader.read()


def authenticate(_: SMTP, __: Session, ___: Envelope, mechanism: str, given: Any) -> AuthResult:
    """Let the one user in."""
    assert isinstance(given, LoginPassword)
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@asynccontextmanager
async def smtp_server(
    handler: MailHandler, kind: type[SMTP] = SMTP, tls: ssl.SSLContext | None = None, **options: Any
) -> AsyncIterator[int]:
    """Serve on a free port, which is given.

    Args:
        handler: Takes the mail.
        kind: aiosmtpd's class, or one of those that misbehave.
        tls: Encrypts from the start.
        options: Of ``kind``.
    """
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def session() -> SMTP:
        sessions.append(kind(handler, loop=loop, hostname="mail.example.com", **options))
        return sessions[-1]

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    port: int = server.sockets[0].getsockname()[1]
    try:
        yield port
    finally:
        await until_accepted(port)
        server.close()
        for each in sessions:
            if each._handler_coroutine is not None:
                each._handler_coroutine.cancel()
            if isinstance(each.transport, asyncio.Transport):
                each.transport.abort()
        await asyncio.sleep(0)  # lets the cancelled ones end


@dataclass
class HangingServer:
    """Accepts connections and never says a word.

    Args:
        port: Where.
        called: Is set by the first connection.
    """

    port: int
    called: asyncio.Event


@asynccontextmanager
async def hanging_server() -> AsyncIterator[HangingServer]:
    """Serve nobody, on a free port."""
    called = asyncio.Event()
    writers: list[asyncio.StreamWriter] = []

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        called.set()
        await reader.read()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    try:
        yield HangingServer(port, called)
    finally:
        await until_accepted(port)
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)  # lets the callbacks see that their connections are gone


@dataclass(frozen=True)
class Certificates:
    """What both ends of an encrypted connection need.

    Args:
        server: Has a certificate for 127.0.0.1.
        trusting: Trusts whoever signed that certificate.
    """

    server: ssl.SSLContext
    trusting: ssl.SSLContext

    @classmethod
    def make(cls) -> "Certificates":
        authority = trustme.CA()
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(server)
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        return cls(server, trusting)
