"""Submits mail to an SMTP server."""

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
"""Seconds to wait for the reply to QUIT; the server has taken the mail by then."""

_AUTHENTICATION: Final = frozenset({530, 534, 535, 538})
"""Reply codes about authentication, so about our settings, not the mail (RFC 4954, section 6)."""


@dataclass(frozen=True)
class SmtpServer:
    """The server that mail is submitted to, and how it is reached.

    Args:
        host: Name or address of the server, which its certificate must be for.
        port: TCP port, by default 465 with ``tls`` and 587 without.
        username: Name to authenticate with; None sends no credentials.
        password: Password of that name, or None.
        tls: Whether the connection is encrypted from its start (RFC 8314).
        starttls: Whether STARTTLS is required; None uses it where the server offers it.
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
        hides the server's offer of STARTTLS must not learn it.
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
        server: The server that mail is submitted to.
        timeout: Seconds that one mail may take, from connecting to the reply to its data.
        tls_context: The certificates to trust; None trusts those of the system.
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
        """Host and port of the server."""
        return f"{self._server.host}:{self._server.port}"

    async def send(self, message: EmailMessage) -> None:
        """Submit the mail.

        Raises:
            TemporaryFailure: The server cannot be reached, takes too long, refuses to authenticate
                us, or replies 4xx.
            PermanentFailure: It replies 5xx to this mail, or does not support such an address.
        """
        client = self._client()
        try:
            async with asyncio.timeout(self._timeout):
                await self._connect(client)
                await _transmit(client, message)
        except BaseException as error:
            client.close()
            if isinstance(error, TimeoutError):
                raise TemporaryFailure(f"{self.place} takes too long.") from None
            raise
        await _quit(client)

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
        """Connect and authenticate; a failure here says nothing about the mail."""
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
    # "from None": these errors repeat addresses and what the server said about them.
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
    permanent = code >= 500 and code not in _AUTHENTICATION
    kind = PermanentFailure if permanent else TemporaryFailure
    return kind(f"The server answers {code} to {what}.")


async def _quit(client: SMTP) -> None:
    """Send QUIT and close. The server has taken the mail, so errors are ignored."""
    with suppress(SMTPException, OSError):
        async with asyncio.timeout(QUIT_TIMEOUT):
            await client.quit()
    client.close()
