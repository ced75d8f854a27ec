"""Mail through a server that speaks SMTP."""

import asyncio
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from contactsvc.mail.sender import DeliveryFailure, PermanentFailure, TemporaryFailure

SUBMISSION_PORT: Final = 587
SUBMISSIONS_PORT: Final = 465
QUIT_TIMEOUT: Final = 2.0
"""Seconds that the server's goodbye is waited for; the mail is sent by then."""

_NOT_SIGNED_IN: Final = frozenset({530, 534, 535, 538})
"""Answers that complain about the settings, not the mail (RFC 4954, section 6)."""


@dataclass(frozen=True)
class SmtpServer:
    """Where mail is handed in.

    Args:
        host: Name or address of the server; its certificate must have it.
        port: Its port.
        username: Whom to sign in as; None is nobody.
        password: Their password.
        tls: Whether the connection is encrypted from its start (RFC 8314).
        starttls: Whether it becomes encrypted by STARTTLS; None is if the server offers it.
    """

    host: str
    port: int
    username: str | None
    password: str | None = field(repr=False)
    tls: bool
    starttls: bool | None

    @classmethod
    def parse(cls, url: str) -> "SmtpServer":
        """Read ``smtp[s]://user:password@host:port?starttls=auto|required|never``.

        ``auto``, the default, is ``required`` where a password would be sent: an attacker who
        hides the server's offer of STARTTLS shall not learn it.
        """
        parts = urlsplit(url)
        tls = parts.scheme == "smtps"
        username = unquote(parts.username) if parts.username else None
        mode = parse_qs(parts.query).get("starttls", ["never" if tls else "auto"])[0]
        wanted = {"required": True, "never": False}.get(mode, True if username else None)
        return cls(
            host=parts.hostname or "localhost",
            port=parts.port or (SUBMISSIONS_PORT if tls else SUBMISSION_PORT),
            username=username,
            password=unquote(parts.password) if parts.password else None,
            tls=tls,
            starttls=wanted,
        )


class SmtpSender:
    """Sends each mail over a connection of its own.

    Args:
        server: Where mail is handed in.
        timeout: Seconds that one mail may take, from connecting to the server's last word.
        tls_context: Whose certificates are trusted; None is those that the system trusts.
    """

    def __init__(
        self,
        server: SmtpServer,
        *,
        timeout: float = 30.0,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._timeout = timeout
        self._tls_context = tls_context

    @property
    def place(self) -> str:
        """The server."""
        return f"{self._server.host}:{self._server.port}"

    async def send(self, message: EmailMessage) -> None:
        """Hand the mail in.

        Raises:
            TemporaryFailure: The server is away, slow, refuses us, or says 4xx.
            PermanentFailure: It says 5xx about this mail, or cannot take such addresses.
        """
        client = self._client()
        try:
            async with asyncio.timeout(self._timeout):
                await self._connect(client)
                await _transmit(client, message)
        except TimeoutError:
            raise TemporaryFailure(f"{self.place} takes too long.") from None
        except BaseException:
            client.close()
            raise
        await _hang_up(client)

    def _client(self) -> SMTP:
        server = self._server
        return SMTP(
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            use_tls=server.tls,
            start_tls=server.starttls,
            tls_context=self._tls_context,
            timeout=self._timeout,
        )

    async def _connect(self, client: SMTP) -> None:
        """Get ready to hand in; what goes wrong here is never the mail's fault."""
        try:
            await client.connect()
        except SMTPResponseException as error:
            raise TemporaryFailure(
                f"{self.place} answers {error.code} before any mail was handed in."
            ) from None
        except (SMTPException, OSError, ValueError) as error:
            cause = type(error.__cause__ or error).__name__
            raise TemporaryFailure(f"{self.place} cannot be used: {cause}.") from None


async def _transmit(client: SMTP, message: EmailMessage) -> None:
    # The chains end here: these errors repeat addresses and what the server said about them.
    try:
        await client.send_message(
            message,
            sender=message["From"].addresses[0].addr_spec,
            recipients=message["To"].addresses[0].addr_spec,
        )
    except SMTPNotSupported:
        raise PermanentFailure("The server knows no addresses beyond ASCII.") from None
    except SMTPRecipientsRefused as error:
        raise _refusal(error.recipients[0].code, "the recipient") from None
    except SMTPSenderRefused as error:
        raise _refusal(error.code, "the sender") from None
    except SMTPDataError as error:
        raise _refusal(error.code, "the text") from None
    except SMTPResponseException as error:
        raise _refusal(error.code, "a command") from None
    except (SMTPException, OSError) as error:
        reason = f"The connection was lost: {type(error).__name__}."
        raise TemporaryFailure(reason) from None
    except ValueError:
        raise PermanentFailure("The server cannot be told such an address.") from None


def _refusal(code: int, what: str) -> DeliveryFailure:
    permanent = code >= 500 and code not in _NOT_SIGNED_IN
    kind = PermanentFailure if permanent else TemporaryFailure
    return kind(f"The server answers {code} to {what}.")


async def _hang_up(client: SMTP) -> None:
    """Say goodbye; the mail is the server's now, so nothing here is a failure."""
    with suppress(SMTPException, OSError):
        async with asyncio.timeout(QUIT_TIMEOUT):
            await client.quit()
    client.close()
