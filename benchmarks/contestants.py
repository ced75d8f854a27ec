"""The floor and the service, to be started in turn on the same data."""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientSession
from redis import Redis

from benchmarks import floor
from benchmarks.calls import CALLS, CONTACTS, ME, Call, answer, contact, difference
from benchmarks.databases import Databases, databases, execute
from benchmarks.server import Server, cores, running
from tests.support.ports import free_port

CREDENTIALS: Final = {"email": "bench@example.com", "password": "correct horse battery staple"}

SETTINGS: Final[Mapping[str, str]] = {
    "SECRET_KEY": "kY3-to-measure-only_0123456789abcdef",
    "ACCESS_TOKEN_TTL": "86400",
    "USER_LIMIT": "1000000/second",
    "LOGIN_LIMIT_PER_ADDRESS": "1000000/second",
    "LOGIN_LIMIT_PER_ACCOUNT": "1000000/second",
    "MAX_CONTACTS": "10000000",
    "LOG_FORMAT": "json",
    "SHUTDOWN_DELAY": "0",
}
"""What is not the default: no limit is reached, and tokens live as long as the benchmark."""


@dataclass(frozen=True)
class Contestants:
    """The floor and the service, and the account that both know.

    Attributes:
        calls: The requests, with the ids of this account.
        environment: That of the service.
        databases: Where both keep their data.
        user: The account as the service answers it.
        token: The account's access token for the service.
    """

    environment: Mapping[str, str]
    databases: Databases
    calls: Sequence[Call] = ()
    user: Mapping[str, Any] | None = None
    token: str = ""

    def service(
        self, runner: Sequence[str] = (), core: int | None = cores()[0], **settings: str
    ) -> AbstractContextManager[Server]:
        """Run the service.

        Args:
            runner: Arguments of Python before the program, such as a profiler's.
            core: The core that it is pinned to; None leaves it alone.
            settings: Settings that are not those of SETTINGS.
        """
        command = [sys.executable, *(runner or ("-m",)), "contactsvc", "serve"]
        environment = {**self.environment, **settings}
        url = f"http://127.0.0.1:{environment['PORT']}"
        return running("service", command, environment, url, self.token, core)

    def floor(self, runner: Sequence[str] = ()) -> AbstractContextManager[Server]:
        """Run the floor."""
        assert self.user is not None
        port = free_port()
        command = [sys.executable, *(runner or ("-m",)), floor.__name__, str(port)]
        user_token = floor.token(self.user["id"])
        url = f"http://127.0.0.1:{port}"
        return running("floor", [*command, *self.databases], {}, url, user_token, cores()[0])

    def check(self) -> None:
        """End the benchmark if the floor and the service do not answer the same."""
        answers = []
        for start in (self.floor, self.service):
            with start() as server:
                answers.append([answer(server, call) for call in self.calls])
        for call, *pair in zip(self.calls, *answers, strict=True):
            if problem := difference(call, *pair):
                sys.exit(f"The floor does not do the same work as the service. {problem}")


@contextmanager
def contestants(given: argparse.Namespace) -> Iterator[Contestants]:
    """Make an account with CONTACTS contacts, which the floor knows, too."""
    with databases(given) as made, tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        port = str(free_port())
        environment = {
            **SETTINGS,
            "DATABASE_URL": made.postgresql,
            "REDIS_URL": made.redis,
            "DATA_DIR": folder,
            "PORT": port,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
        }
        run_command(environment, "migrate")
        empty = Contestants(environment, made)
        with empty.service() as server:
            token, contact_id = asyncio.run(_fill(server.url, environment))
            signed_in = Server(server.name, server.url, token, server.pid, server.start_cpu)
            user = answer(signed_in, ME)
        asyncio.run(execute(made.postgresql, "VACUUM ANALYZE contacts"))
        known = json.loads(user)
        with Redis.from_url(made.redis) as redis:
            redis.set(floor.user_key(known["id"]), user)
        calls = [call._replace(path=call.path.format(id=contact_id)) for call in CALLS]
        ready = Contestants(environment, made, calls, known, token)
        ready.check()
        yield ready


def run_command(environment: Mapping[str, str], *arguments: str) -> None:
    """Run a command of the service; what it prints is shown only where it fails."""
    command = [sys.executable, "-m", "contactsvc", *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"contactsvc {' '.join(arguments)} failed: {done.stdout}{done.stderr}")


async def _fill(url: str, environment: Mapping[str, str]) -> tuple[str, int]:
    """Make the account; return its access token and the id of a contact in the middle."""
    async with ClientSession(url, raise_for_status=True) as http:
        await http.post("/api/auth/register", json=CREDENTIALS)
        # While a registration waits, a sign-in verifies two hashes.
        await asyncio.to_thread(run_command, environment, "confirm", CREDENTIALS["email"])
        async with http.post("/api/auth/login", json=CREDENTIALS) as response:
            token: str = (await response.json())["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        ids = []
        for number in range(CONTACTS):
            async with http.post("/api/contacts/", json=contact(number)) as response:
                ids.append((await response.json())["id"])
    return token, ids[CONTACTS // 2]
