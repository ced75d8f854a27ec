"""What the tests of services share: sign-ins, links, mail that is asked for, and the audit log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.security.tokens import Tokens
from contactsvc.accounts.sessions.service import Sessions, TokenPair
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.caller import Caller
from contactsvc.platform.keyring import Keyring

PASSWORD = "correct horse battery staple"
EMAIL = "grace@example.com"
CALLER = Caller("192.0.2.1", "pytest", "one-request")
TOKENS = Tokens(Keyring("kY3-for-tests-only_0123456789abcdef"), "https://c.example.com", 900)


async def ignore(user_id: int, _: object) -> None:
    """Do nothing: the hook of repositories whose changes no cache is told of."""


USERS = UserRepository(ignore, address_books)


class Log:
    """The audit log."""

    def __init__(self, pg: asyncpg.Connection) -> None:
        self._pg = pg

    async def rows(self) -> list[dict[str, Any]]:
        rows = map(dict, await self._pg.fetch("SELECT * FROM audit_events ORDER BY id"))
        return [row | {"data": orjson.loads(row["data"])} for row in rows]

    async def last(self) -> tuple[str, int | None, int | None, dict[str, Any]]:
        row = (await self.rows())[-1]
        assert (row["ip"], row["request_id"]) == (CALLER.ip, CALLER.request_id)
        return row["event"], row["user_id"], row["actor_id"], row["data"]


async def sign_in(
    session_service: Sessions, email: str = EMAIL, password: str = PASSWORD
) -> TokenPair:
    return await session_service.sign_in(email, password, CALLER)


def session_of(pair: TokenPair) -> int:
    return TOKENS.read_access(pair.access_token).session_id


async def is_alive(pair: TokenPair) -> bool:
    claims = TOKENS.read_access(pair.access_token)
    return await USERS.current(claims.user_id, claims.session_id) is not None


class WakeCounter:
    """Counts how often mail is said to be due."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1


async def asked_for(pg: asyncpg.Connection) -> list[tuple[str, str, str]]:
    """Return kind, recipient and status of every mail that was asked for."""
    rows = await pg.fetch("SELECT kind, recipient, status FROM outbox ORDER BY id")
    return [tuple(row) for row in rows]


@asynccontextmanager
async def table_away(pg: asyncpg.Connection, table: str) -> AsyncIterator[None]:
    """Let every statement that needs a table fail."""
    await pg.execute(f"ALTER TABLE {table} RENAME TO away")
    try:
        yield
    finally:
        await pg.execute(f"ALTER TABLE away RENAME TO {table}")


async def issue(user_id: int, purpose: Purpose, email: str = EMAIL) -> str:
    """Return a link's token, as the mail worker would make it."""
    token = await one_time_tokens.issue(user_id, purpose, email, 3600)
    assert token is not None
    return token
