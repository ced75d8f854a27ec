"""What the tests of services share: sign-ins, and the audit log."""

from typing import Any

import asyncpg
import orjson

from contactsvc.repositories.audit import Caller
from contactsvc.repositories.users import UserRepository
from contactsvc.security.keyring import Keyring
from contactsvc.security.tokens import Tokens
from contactsvc.services.sessions import Sessions, TokenPair

PASSWORD = "correct horse battery staple"
EMAIL = "grace@example.com"
CALLER = Caller("192.0.2.1", "pytest", "one-request")
TOKENS = Tokens(Keyring("kY3-for-tests-only_0123456789abcdef"), "https://c.example.com", 900)


async def ignore(user_id: int, _: object) -> None:
    pass


USERS = UserRepository(ignore)


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


async def sign_in(sessions: Sessions, email: str = EMAIL, password: str = PASSWORD) -> TokenPair:
    return await sessions.sign_in(email, password, CALLER)


def session_of(pair: TokenPair) -> int:
    return TOKENS.read_access(pair.access_token).session_id


async def is_alive(pair: TokenPair) -> bool:
    claims = TOKENS.read_access(pair.access_token)
    return await USERS.current(claims.user_id, claims.session_id) is not None
