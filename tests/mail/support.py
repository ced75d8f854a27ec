"""What the tests of the outbox's worker share: accounts, mails that are asked for, and letters."""

import re
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import asyncpg
import orjson

from contactsvc.mail.letters import Letters
from contactsvc.mail.messages import Messages
from contactsvc.repositories.users import UserRepository
from tests.support.mailbox import text

CONFIRMATION_TTL = 7200
RESET_TTL = 1800


async def _no_cache(user_id: int, version: int) -> None:
    """Accounts are only looked up here."""


def letters() -> Letters:
    messages = Messages("https://contacts.example.com", "Contacts <post@example.com>")
    return Letters(UserRepository(_no_cache), messages, CONFIRMATION_TTL, RESET_TTL)


async def add_account(pg: asyncpg.Connection, email: str, **columns: Any) -> int:
    """Insert a confirmed, active account, unless ``columns`` say otherwise, and return its id."""
    row = {
        "email": email,
        "email_key": email.lower(),
        "name": "Grace Hopper",
        "password_hash": "hash",
        "role": "user",
        "confirmed": True,
        "is_active": True,
        "auth_version": 1,
        "version": 1,
    } | columns
    values = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    statement = f"INSERT INTO users ({', '.join(row)}, created_at) VALUES ({values}, now())"
    user_id: int = await pg.fetchval(f"{statement} RETURNING id", *row.values())
    return user_id


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
