"""Two processes on one PostgreSQL and one Redis: what one changes counts in the other at once."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientResponse, ClientSession

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service

pytestmark = pytest.mark.process

ADMIN, USER = "root@example.com", "grace@example.com"


@pytest.fixture
async def services(
    tmp_path: Path, settings: Settings, redis_server: RedisServer
) -> AsyncIterator[list[Service]]:
    """Two of them, which know of one another only through the servers that they share."""
    found = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        service = Service(folder)
        service.share(settings, redis_server.url)
        await service.start()
        found.append(service)
    yield found
    for service in found:
        assert await service.stop(signal.SIGTERM) == 0


class Person:
    """Somebody who is signed in and may ask either process."""

    def __init__(self, http: ClientSession, services: list[Service], email: str) -> None:
        self._http = http
        self._urls = [service.url for service in services]
        self._credentials = {"email": email, "password": PASSWORD}

    async def register(self) -> None:
        url = f"{self._urls[0]}/api/auth/register"
        assert (await self._http.post(url, json=self._credentials)).status == 201

    async def sign_in(self) -> None:
        url = f"{self._urls[0]}/api/auth/login"
        tokens = await (await self._http.post(url, json=self._credentials)).json()
        self._headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    async def ask(self, which: int, path: str, **body: object) -> ClientResponse:
        method = "PATCH" if body else "GET"
        url = f"{self._urls[which]}{path}"
        return await self._http.request(method, url, headers=self._headers, json=body or None)

    async def statuses(self, path: str) -> list[int]:
        """Return what each of the processes answers."""
        return [(await self.ask(which, path)).status for which in (0, 1)]


async def test_what_one_process_changes_counts_in_the_other(
    services: list[Service], pg: asyncpg.Connection
) -> None:
    async with ClientSession() as http:
        admin, grace = (Person(http, services, email) for email in (ADMIN, USER))
        for person in (admin, grace):
            await person.register()
        await pg.execute("UPDATE users SET role = 'admin' WHERE email = $1", ADMIN)
        await admin.sign_in()
        await grace.sign_in()
        assert await grace.statuses("/api/users/me") == [200, 200]  # from here on both know her
        assert await grace.statuses("/api/admin/users") == [403, 403]

        path = f"/api/admin/users/{await pg.fetchval('SELECT max(id) FROM users')}"
        assert (await admin.ask(0, path, role="admin")).status == 200
        assert await grace.statuses("/api/users/me") == [401, 401]  # the token is older
        await grace.sign_in()
        assert await grace.statuses("/api/admin/users") == [200, 200]

        assert (await admin.ask(1, path, role="user")).status == 200
        assert await grace.statuses("/api/admin/users") == [401, 401]
        await grace.sign_in()
        assert await grace.statuses("/api/admin/users") == [403, 403]

        assert (await admin.ask(0, path, is_active=False)).status == 200
        assert await grace.statuses("/api/users/me") == [401, 401]
