"""Shared by tests of mail: a composer, mails that are asked for, and what the outbox holds."""

import re
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import asyncpg
import orjson

from contactsvc.accounts.mail_composer import MailComposer
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.mail.renderer import MailRenderer
from tests.support.mailbox import text

CONFIRMATION_TTL = 7200
RESET_TTL = 1800


async def _no_cache(user_id: int, version: int) -> None:
    """Accounts are only looked up here."""


def mail_composer() -> MailComposer:
    renderer = MailRenderer("https://contacts.example.com", "Contacts <post@example.com>")
    return MailComposer(
        UserRepository(_no_cache, address_books), renderer, CONFIRMATION_TTL, RESET_TTL
    )


async def ask(pg: asyncpg.Connection, kind: str, recipient: str, **params: Any) -> int:
    """Ask for a mail as another process would, and return its id."""
    mail_id: int = await pg.fetchval(
        """
        INSERT INTO outbox (kind, recipient, params, status, attempts, created_at,
                            next_attempt_at, last_error)
        VALUES ($1, $2, $3, 'pending', 0, now(), now(), '') RETURNING id
        """,
        kind,
        recipient,
        orjson.dumps(params).decode(),
    )
    return mail_id


async def ask_in_vain(pg: asyncpg.Connection, kind: str, recipient: str) -> int:
    """Ask for a mail that could not be sent at once and waits for another try; return its id."""
    async with pg.transaction():
        mail_id = await ask(pg, kind, recipient)
        await pg.execute(
            "UPDATE outbox SET attempts = 1, next_attempt_at = now() + interval '1 day'"
            " WHERE id = $1",
            mail_id,
        )
    return mail_id


async def taken_back(pg: asyncpg.Connection, *mail_ids: int) -> list[bool]:
    """Return which of these mails will not be sent any more, and say so."""
    query = "SELECT status, finished_at FROM outbox WHERE id = $1"
    rows = [await pg.fetchrow(query, mail_id) for mail_id in mail_ids]
    assert all(row["status"] in ("pending", "skipped") for row in rows)
    assert all((row["finished_at"] is None) is (row["status"] == "pending") for row in rows)
    return [row["status"] == "skipped" for row in rows]


async def outbox(pg: asyncpg.Connection) -> list[tuple[str, int]]:
    """Return the status and attempts of every mail."""
    rows = await pg.fetch("SELECT status, attempts FROM outbox ORDER BY id")
    return [(row["status"], row["attempts"]) for row in rows]


async def next_attempt(pg: asyncpg.Connection, mail_id: int) -> datetime:
    moment: datetime = await pg.fetchval("SELECT next_attempt_at FROM outbox WHERE id=$1", mail_id)
    return moment


def token(mail: EmailMessage) -> str:
    """Return the token in a mail's one link."""
    [found] = re.findall(r"https://contacts\.example\.com/api/auth/\w+/(\S+)", text(mail))
    return str(found)
