"""The mails that a service with no SMTP_URL writes into its folder."""

import asyncio
import email
import email.policy
import re
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from tests.support.waiting import PATIENCE


class Mailbox:
    """Reads the mails of a service.

    Args:
        folder: Where it writes them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[Path] = set()

    def all(self) -> list[EmailMessage]:
        """Return every mail, the oldest first."""
        return [_parse(path) for path in sorted(self._folder.glob("*.eml"))]

    async def next(self, recipient: str) -> EmailMessage:
        """Return the oldest mail to ``recipient`` that has not been read, waiting for it."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for path in sorted(set(self._folder.glob("*.eml")) - self._read):
                    mail = _parse(path)
                    if recipient in str(mail["To"]):
                        self._read.add(path)
                        return mail
                await asyncio.sleep(0.005)  # nothing tells when a file has come

    async def link(self, recipient: str) -> str:
        """Return the path of the link in the next mail to ``recipient``."""
        return link(await self.next(recipient))


async def nothing_pending(pg: asyncpg.Connection) -> None:
    """Wait until the worker has gone through all that was asked for."""
    async with asyncio.timeout(PATIENCE):
        while await pg.fetchval("SELECT count(*) FROM outbox WHERE status = 'pending'"):
            await asyncio.sleep(0.005)  # it works beside the requests


def _parse(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def text(message: EmailMessage) -> str:
    """Return the plain text of a mail."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link(message: EmailMessage) -> str:
    """Return the path of the one link in a mail, which must begin with PUBLIC_URL."""
    urls = re.findall(r"https?://\S+", text(message))
    assert len(urls) == 1, urls
    assert urls[0].startswith("https://contacts.example.com/api/auth/"), urls
    return str(urlsplit(urls[0]).path)
