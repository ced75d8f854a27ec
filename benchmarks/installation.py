"""A service of the measurement's own, with all that it stands on."""

import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from benchmarks.promises import Call, Report, slowest, timed, until
from contactsvc.platform.settings import Settings
from tests.support.fault_proxy import FaultProxy
from tests.support.postgres_server import PostgresServer
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service

TOLD = 2.0
"""Seconds within which a call is told that something is away."""

BACK = 5.0
"""Seconds within which a call succeeds again, counted from when what was away is back."""

POOL = Settings.database_pool_size
"""Connections to PostgreSQL that the service may have."""

CONTACT = {"first_name": "Ada"}


def credentials(name: str) -> dict[str, str]:
    """Return what somebody of that name signs in with."""
    return {"email": f"{name}@example.com", "password": "correct horse battery staple"}


@dataclass
class Installation:
    """A service, somebody who has signed in to it, and all that it stands on."""

    http: ClientSession
    report: Report
    server: PostgresServer
    redis: RedisServer
    to_postgres: FaultProxy
    to_redis: FaultProxy

    @property
    def calls(self) -> dict[str, Call]:
        """Calls that need PostgreSQL, of every kind."""
        http = self.http
        return {
            "read": partial(http.get, "/api/contacts/"),
            "write": partial(http.post, "/api/contacts/", json=CONTACT),
            "transaction": partial(http.patch, "/api/users/me", json={"name": "Admiral"}),
            "login": partial(http.post, "/api/auth/login", json=credentials("grace")),
            "register": partial(http.post, "/api/auth/register", json=credentials("ada")),
            "health": partial(http.get, "/api/healthchecker"),
        }

    async def away(self, what: str) -> None:
        """Measure how soon calls are told that PostgreSQL is away, and what needs none."""
        self.report.add(f"{what}: 503", await slowest(self.calls.values(), 503), TOLD)
        check = await timed(self.calls["health"], 503)
        self.report.add(f"{what}: health check", check, TOLD)
        scrape = await timed(partial(self.http.get, "/metrics"), 200)
        self.report.add(f"{what}: scrape", scrape, TOLD)

    async def back(self, what: str) -> None:
        """Measure how soon calls of every kind succeed again."""

        async def well() -> bool:
            names = ("read", "write", "transaction", "health")
            return all([(await self.calls[name]()).status < 300 for name in names])

        self.report.add(f"{what}: back", await until(well), BACK)


async def redis_is_used(http: ClientSession) -> bool:
    """Return whether the service finds its Redis well."""
    async with http.get("/api/healthchecker") as response:
        return bool((await response.json())["checks"].get("cache") == "ok")


async def sign_up(http: ClientSession, name: str = "grace") -> None:
    """Make an account and send its access token along from now on."""
    await timed(partial(http.post, "/api/auth/register", json=credentials(name)), 201)
    async with http.post("/api/auth/login", json=credentials(name)) as response:
        http.headers["Authorization"] = f"Bearer {(await response.json())['access_token']}"


@asynccontextmanager
async def service(
    server: PostgresServer, redis_url: str, **settings: Any
) -> AsyncIterator[Service]:
    """Run a service with the time limits that it has by default."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        made = Service(Path(folder))
        made.environment |= {
            "DATABASE_URL": server.url,
            "DATABASE_POOL_SIZE": str(POOL),
            "REDIS_URL": redis_url,
            "DATABASE_TIMEOUT": str(Settings.database_timeout),
            "REDIS_TIMEOUT": str(Settings.redis_timeout),
            "PUBLIC_URL": "http://127.0.0.1",  # the same of all, for it is the issuer of tokens
            "SECRET_KEY": "kY3-to-measure-only_0123456789abcdef",
            "REQUIRE_CONFIRMED_EMAIL": "false",
            "LOGIN_LIMIT_PER_ADDRESS": "100000/second",
            "LOGIN_LIMIT_PER_ACCOUNT": "100000/second",
            "MAIL_LIMIT_PER_ADDRESS": "100000/second",
            "USER_LIMIT": "1000000/second",
            "LOG_LEVEL": "ERROR",
        } | {name.upper(): str(value) for name, value in settings.items()}
        await made.start()
        try:
            yield made
        finally:
            if made.process.returncode is None:
                await made.stop(signal.SIGINT)
