"""What was ended stays ended in every process, whoever dies and whenever Redis returns."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientSession
from redis import Redis

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service
from tests.support.waiting import until

pytestmark = pytest.mark.outage

ROOT = "root@example.com"
OTHER_PASSWORD = "another horse battery staple"
MANY = "100000/minute"

MakeService = Callable[..., Awaitable[Service]]


@pytest.fixture
async def make_service(
    tmp_path: Path, settings: Settings, redis_server: RedisServer
) -> AsyncIterator[MakeService]:
    """Start a process that does not wait long for Redis, whose copies last for the whole test."""
    services = []

    async def make(name: str, **environment: str) -> Service:
        folder = tmp_path / name
        folder.mkdir()
        service = Service(folder)
        service.share(settings, redis_server.url)
        limits = ("LOGIN_LIMIT_PER_ADDRESS", "LOGIN_LIMIT_PER_ACCOUNT", "MAIL_LIMIT_PER_ADDRESS")
        service.environment |= dict.fromkeys(limits, MANY)
        service.environment |= {"REDIS_TIMEOUT": "0.5", "USER_CACHE_TTL": "3600"} | environment
        await service.start()
        services.append(service)
        return service

    yield make
    for service in services:
        if service.process.returncode is None:
            await service.stop(signal.SIGKILL)


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as http:
        yield http


class Session:
    """A sign-in of somebody's, used with whichever process one likes."""

    def __init__(self, http: ClientSession, email: str) -> None:
        self._http = http
        self.email = email

    async def begin(self, service: Service) -> "Session":
        credentials = {"email": self.email, "password": PASSWORD}
        await self._http.post(f"{service.url}/api/auth/register", json=credentials)
        async with self._http.post(f"{service.url}/api/auth/login", json=credentials) as response:
            assert response.status == 200, await response.text()
            token = (await response.json())["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}
        return self

    async def ask(self, service: Service, method: str, path: str, **body: Any) -> int:
        url = f"{service.url}{path}"
        call = self._http.request(method, url, headers=self._headers, json=body or None)
        async with call as response:
            return response.status

    async def me(self, service: Service) -> int:
        return await self.ask(service, "GET", "/api/users/me")

    async def ids(self, service: Service) -> tuple[int, int]:
        """Return the ids of the user and of this session."""
        url = f"{service.url}/api/users/me"
        async with self._http.get(url, headers=self._headers) as response:
            user_id = (await response.json())["id"]
        async with self._http.get(f"{url}/sessions", headers=self._headers) as response:
            items = (await response.json())["items"]
        return user_id, next(item["id"] for item in items if item["current"])


def ways(user_id: int, session_id: int) -> dict[str, tuple[str, str, str, dict[str, Any]]]:
    """Return everything that ends a session: who does it, and by which call."""
    me, user = "/api/users/me", f"/api/admin/users/{user_id}"
    passwords = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
    return {
        "local": ("itself", "POST", "/api/auth/logout", {}),
        "others": ("beside", "POST", "/api/auth/logout", {"scope": "others"}),
        "global": ("beside", "POST", "/api/auth/logout", {"scope": "global"}),
        "session": ("beside", "DELETE", f"{me}/sessions/{session_id}", {}),
        "password": ("beside", "PUT", f"{me}/password", passwords),
        "deletion": ("beside", "DELETE", me, {"password": PASSWORD}),
        "admin-logout": ("root", "POST", f"{user}/logout", {}),
        "admin-role": ("root", "PATCH", user, {"role": "admin"}),
        "admin-disable": ("root", "PATCH", user, {"is_active": False}),
        "admin-deletion": ("root", "DELETE", user, {}),
    }


async def nothing_is_pending(pg: asyncpg.Connection) -> bool:
    return not await pg.fetchval("SELECT count(*) FROM pending_invalidations")


async def test_ended_by_one_process_while_redis_stood_still(
    make_service: MakeService,
    http: ClientSession,
    pg: asyncpg.Connection,
    redis_server: RedisServer,
    subtests: pytest.Subtests,
) -> None:
    """The other process has seen nothing of the outage, and Redis comes back with all it had."""
    one, two = await make_service("one"), await make_service("two")
    await Session(http, ROOT).begin(one)
    await pg.execute("UPDATE users SET role = 'admin' WHERE email = $1", ROOT)
    root = await Session(http, ROOT).begin(one)
    ended: dict[str, Session] = {}
    calls: dict[str, Awaitable[int]] = {}
    for name in ways(0, 0):
        session = await Session(http, f"{name}@example.com").begin(one)
        beside = await Session(http, session.email).begin(one)
        ids = await session.ids(two)
        who, method, path, body = ways(*ids)[name]
        by = {"itself": session, "beside": beside, "root": root}[who]
        ended[name], calls[name] = session, by.ask(one, method, path, **body)

    async def all_are_known() -> bool:
        for session in (root, *ended.values()):
            assert await session.me(two) == 200
        with Redis.from_url(redis_server.url) as redis:
            return len(list(redis.scan_iter("user:*:session:*"))) >= len(ended)

    await until(all_are_known)  # the other process has a lease on all of them in Redis

    with redis_server.standing_still():
        # From now on Redis is not asked: else it would read, when it goes on, what it was sent.
        assert await root.me(one) == 200
        statuses = await asyncio.gather(*calls.values())
    failed = {n: s for n, s in zip(calls, statuses, strict=True) if s not in (200, 204)}
    assert not failed

    for name, session in ended.items():
        with subtests.test(name):
            assert await session.me(two) == 401
    await until(lambda: nothing_is_pending(pg))
    for name, session in ended.items():
        with subtests.test(name, redis="has been told"):
            assert await session.me(two) == 401
            assert await session.me(one) == 401
    assert await root.me(two) == 200


async def test_ended_by_a_process_that_is_killed_before_redis_returns(
    make_service: MakeService,
    http: ClientSession,
    pg: asyncpg.Connection,
    redis_server: RedisServer,
) -> None:
    service = await make_service("one")
    session = await Session(http, "grace@example.com").begin(service)
    beside = await Session(http, session.email).begin(service)
    assert await session.me(service) == 200
    passwords = {"current_password": PASSWORD, "new_password": OTHER_PASSWORD}
    with redis_server.standing_still():
        assert await session.me(service) == 200  # so Redis is sent nothing that it could read later
        changed = await beside.ask(service, "PUT", "/api/users/me/password", **passwords)
        await service.stop(signal.SIGKILL)
    assert changed == 204

    await service.start()

    for each in (session, beside):
        assert await each.me(service) == 401
    await until(lambda: nothing_is_pending(pg))
    for each in (session, beside):
        assert await each.me(service) == 401


@pytest.fixture
def saving_redis(redis_server: RedisServer, tmp_path: Path) -> Iterator[RedisServer]:
    """One that can save what it holds into a file, and reads that when it starts."""
    del redis_server  # there is one that can be killed
    server = RedisServer("--dir", str(tmp_path))
    yield server
    server.kill()


async def test_a_redis_that_comes_back_with_an_old_file(
    make_service: MakeService, http: ClientSession, saving_redis: RedisServer
) -> None:
    """It was told, and has forgotten that."""
    url = saving_redis.url
    one, two = await make_service("one", REDIS_URL=url), await make_service("two", REDIS_URL=url)
    session = await Session(http, "grace@example.com").begin(one)
    bystander = await Session(http, "ada@example.com").begin(one)
    for each in (session, bystander):
        assert await each.me(two) == 200
    with Redis.from_url(url) as redis:
        redis.save()
    assert await session.ask(one, "POST", "/api/auth/logout") == 204

    saving_redis.kill()
    saving_redis.start()

    for service in (two, one, two):
        assert await session.me(service) == 401
        assert await bystander.me(service) == 200
