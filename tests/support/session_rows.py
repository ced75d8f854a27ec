"""Sessions of users, and what is told of them."""

from typing import Any

import asyncpg

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.rows import Grant
from contactsvc.platform.caller import Caller

TTL, MAX_AGE = 3600, 9000
CALLER = Caller("192.0.2.1", "pytest", "one-request")
THIEF = Caller("198.51.100.9", "curl", "another-request")


class Hook:
    """Notes the sessions that are about to end, and how many others see alive meanwhile."""

    def __init__(self, pg: asyncpg.Connection) -> None:
        self._pg = pg
        self.told: list[tuple[int, list[int]]] = []
        self.still_alive: list[int] = []
        self.error: Exception | None = None

    async def __call__(self, user_id: int, session_ids: list[int]) -> None:
        self.told.append((user_id, session_ids))
        self.still_alive.append(len(await alive(self._pg, user_id)))
        if self.error is not None:
            raise self.error


async def alive(pg: asyncpg.Connection, user_id: int) -> list[int]:
    query = "SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id"
    return [row["id"] for row in await pg.fetch(query, user_id)]


async def row_of(pg: asyncpg.Connection, session_id: int) -> dict[str, Any]:
    return dict(await pg.fetchrow("SELECT * FROM sessions WHERE id = $1", session_id))


async def events(pg: asyncpg.Connection) -> list[asyncpg.Record]:
    """Return the events of the audit log, but for the beginnings of sessions."""
    query = "SELECT * FROM audit_events WHERE event <> $1 ORDER BY id"
    found: list[asyncpg.Record] = await pg.fetch(query, Event.LOGIN_SUCCESS)
    return found


async def begin(
    session_repository: SessionRepository, user_id: int, caller: Caller = CALLER
) -> Grant:
    grant = await session_repository.begin(user_id, 1, caller)
    assert grant is not None
    return grant
