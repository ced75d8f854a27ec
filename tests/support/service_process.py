"""The service as a process of its own, for tests to start and to end."""

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from pathlib import Path
from typing import IO

from contactsvc.platform.database import wheel
from contactsvc.platform.settings import Settings
from tests.conftest import PATIENT
from tests.support.ports import free_port
from tests.support.waiting import PATIENCE

COMMAND = (sys.executable, "-m", "contactsvc")
LAST_OF_START = "SMTP_URL is not set"
"""What each process logs when it is almost up."""


def has_ipv6() -> bool:
    """Return whether this machine has an address of IPv6."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


class Service:
    """A service with everything embedded."""

    def __init__(self, folder: Path) -> None:
        port = free_port()
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.environment = {
            # The same code as that of the tests, wherever they take it from.
            **{name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
            "PORT": str(port),
            "DATA_DIR": str(folder / "var"),
            **{name.upper(): str(seconds) for name, seconds in PATIENT.items()},
            "SHUTDOWN_DELAY": "0",  # nobody balances any load here
        }

    async def start(self, *options: str, until: str = "Press Ctrl-C") -> str:
        """Start it and return what it printed until it was up."""
        with self.log.open("wb") as stdout:  # a pipe would be held open by a PostgreSQL left behind
            self.process = await self.run("serve", *options, stdout=stdout)
        async with asyncio.timeout(PATIENCE):
            while until not in (printed := self.log.read_text()):
                assert self.process.returncode is None, f"it ended: {printed}"
                await asyncio.sleep(0.05)  # nothing tells when a file has grown
        return printed

    def share(self, settings: Settings, redis_url: str) -> None:
        """Use a PostgreSQL and a Redis that others may use, too."""
        self.environment |= {
            "DATABASE_URL": str(settings.database_url),
            "REDIS_URL": redis_url,
            "SECRET_KEY": settings.secret_key,
            "PUBLIC_URL": settings.public_url,
            "REQUIRE_CONFIRMED_EMAIL": "false",
        }

    @property
    def log(self) -> Path:
        """The file that it writes its log into."""
        return self.folder / "serve.log"

    async def run(
        self,
        *arguments: str,
        command: tuple[str, ...] = COMMAND,
        stdout: int | IO[bytes] = PIPE,
    ) -> Process:
        return await asyncio.create_subprocess_exec(
            *command,
            *arguments,
            cwd=self.folder,
            env=self.environment,
            stdout=stdout,
            stderr=STDOUT,
            start_new_session=True,
        )

    async def stop(self, how: signal.Signals) -> int:
        self.process.send_signal(how)
        return await self.ended()

    async def ended(self) -> int:
        """Wait for its end and return its exit status; one that does not end is killed."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self.process.wait()
        except TimeoutError:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise

    def postgres_pid(self) -> int:
        """Return the id of the embedded server's process."""
        return int((self.folder / "var/postgres/postmaster.pid").read_text().split()[0])

    def postgres_is_running(self) -> bool:
        return wheel.is_running(self.folder / "var/postgres")
