"""Grace, an administrator, and what the audit log notes about them."""

from typing import Any

import asyncpg
import orjson
from aiohttp import ClientResponse

from contactsvc.accounts.audit.model import Event
from tests.conftest import Client, Person
from tests.support.mailbox import Mailbox

EMAIL, NEW_EMAIL = "grace@example.com", "admiral@example.com"
SECOND, THIRD = "quite another battery staple", "yet one more battery staple"
NAME = "the-request"

Noted = tuple[Event, int | None, int | None, dict[str, Any]]
"""An event, to whom it happened, who did it, and what is told about it."""


class Life:
    """Grace, an administrator, and what is noted about them."""

    def __init__(
        self, client: Client, admin: Person, mailbox: Mailbox, pg: asyncpg.Connection
    ) -> None:
        self.client, self.admin, self.mailbox, self.pg = client, admin, mailbox, pg
        self.grace = Person(client, EMAIL)
        self._seen = 0

    async def act(
        self, who: Person | None, method: str, path: str, status: int, **body: Any
    ) -> ClientResponse:
        """Do what is to be noted; what came before is forgotten."""
        return await self.send(who, method, path, status, json=body)

    async def send(
        self, who: Person | None, method: str, path: str, status: int, **what: Any
    ) -> ClientResponse:
        """Do what is to be noted, with a body of any kind."""
        self._seen = await self.pg.fetchval("SELECT coalesce(max(id), 0) FROM audit_events")
        headers = {"X-Request-ID": NAME} | (who.headers if who else {}) | what.pop("headers", {})
        response = await self.client.request(method, path, headers=headers, **what)
        assert response.status == status, await response.text()
        return response

    async def noted(self) -> list[Noted]:
        """Return what the last act has left, all of which must say where it came from."""
        query = "SELECT * FROM audit_events WHERE id > $1 ORDER BY id"
        rows = await self.pg.fetch(query, self._seen)
        assert all((row["ip"], row["request_id"]) == ("127.0.0.1", NAME) for row in rows)
        return [
            (Event(row["event"]), row["user_id"], row["actor_id"], orjson.loads(row["data"]))
            for row in rows
        ]

    async def id(self, person: Person | None = None) -> int:
        query = "SELECT id FROM users WHERE email = $1"
        user_id: int = await self.pg.fetchval(query, (person or self.grace).email)
        return user_id

    async def sessions(self) -> list[int]:
        """Return the ids of Grace's sessions that go on, the oldest first."""
        query = "SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL"
        rows = await self.pg.fetch(f"{query} ORDER BY created_at", await self.id())
        return [row["id"] for row in rows]

    async def app_passwords(self) -> list[int]:
        """Return the ids of Grace's app passwords."""
        query = "SELECT id FROM app_passwords WHERE user_id = $1"
        return [row["id"] for row in await self.pg.fetch(query, await self.id())]

    async def login(self, status: int, email: str, password: str) -> None:
        await self.act(None, "POST", "/api/auth/login", status, email=email, password=password)
