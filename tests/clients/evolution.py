"""Evolution's data server, which Evolution, GNOME Contacts and the GNOME shell stand on."""

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from tests.support.waiting import PATIENCE

PYTHON: Final = "/usr/bin/python3"
"""Debian's, which has the bindings."""

SERVER: Final = "/usr/libexec/evolution-source-registry"

_SESSION: Final = Path(__file__).with_name("evolution_session.py")


class EvolutionFailed(Exception):
    """The data server could not do what it was asked for."""


class Evolution:
    """One address book in a data server."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def set_up(self, url: str, user: str, password: str) -> None:
        """Find and add the account's only address book, as "Find Address Books" does."""
        await self._ask("set_up", url, user, password)

    async def sync(self) -> None:
        """Do what "Refresh" does: begin to fetch what is new."""
        await self._ask("refresh")

    async def cards(self) -> list[str]:
        """Return the vCards that it has."""
        found: list[str] = await self._ask("cards")
        return found

    async def add(self, uid: str, card: str) -> None:
        """Add a card."""
        await self._ask("add", uid, card)

    async def change(self, uid: str, old: str, new: str) -> None:
        """Change a text in a card.

        Raises:
            EvolutionFailed: The card is another one in the service, which If-Match has told.
        """
        await self._ask("change", uid, old, new)

    async def delete(self, uid: str) -> None:
        """Delete a card."""
        await self._ask("delete", uid)

    async def _ask(self, *request: str) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        async with asyncio.timeout(PATIENCE):
            line = await self._process.stdout.readline()
        assert line, "The session has ended; its log says why."
        answer = json.loads(line)
        if "error" in answer:
            raise EvolutionFailed(answer["error"])
        return answer["value"]


@asynccontextmanager
async def evolution(folder: Path) -> AsyncIterator[Evolution]:
    """Run a data server with all its files in a folder while the block runs."""
    assert shutil.which(SERVER), "evolution-data-server is not installed."
    bus = shutil.which("dbus-run-session")
    assert bus, "dbus is not installed."
    environment = {
        "HOME": str(folder),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(folder),
        "GSETTINGS_BACKEND": "memory",
        "GIO_USE_PROXY_RESOLVER": "dummy",
        "NO_AT_BRIDGE": "1",
    }
    with (folder / "evolution.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(bus, "--", PYTHON, str(_SESSION)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
            env=environment,
            limit=2**24,
        )
    assert process.stdin
    try:
        yield Evolution(process)
    finally:
        process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            await process.wait()
