"""vdirsyncer, which keeps a folder of vCards in step with the service."""

import asyncio
import os
import shutil
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from tests.support.waiting import PATIENCE

PROGRAM: Final = "vdirsyncer"

_CONFIGURATION: Final = """
[general]
status_path = "status"

[pair contacts]
a = "folder"
b = "service"
collections = ["from b"]
metadata = ["displayname"]

[storage folder]
type = "filesystem"
path = "contacts"
fileext = ".vcf"

[storage service]
type = "carddav"
url = "{url}"
username = "{user}"
password = "{password}"
"""


class SyncFailed(Exception):
    """vdirsyncer ended with an error, such as a conflict."""


class Vdirsyncer:
    """A folder of vCards and the service."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def set_up(self, url: str, user: str, password: str) -> None:
        """Write the configuration and let it find the address book."""
        text = _CONFIGURATION.format(url=url, user=user, password=password)
        (self._folder / "config").write_text(text)
        await self._run("discover")
        await self.sync()

    async def sync(self) -> None:
        """Run ``vdirsyncer sync``.

        Raises:
            SyncFailed: It could not, such as where both sides have changed.
        """
        await self._run("sync")

    async def cards(self) -> list[str]:
        """Return the vCards in the folder."""
        return [file.read_bytes().decode() for file in self._files()]

    async def add(self, uid: str, card: str) -> None:
        """Add a card."""
        self.put_beside({uid: card})
        await self.sync()

    def put_beside(self, cards: Mapping[str, str]) -> None:
        """Write cards into the folder, by their uids, without a sync."""
        (collection,) = (self._folder / "contacts").iterdir()
        for uid, card in cards.items():
            (collection / f"{uid}.vcf").write_text(card, newline="")

    async def change(self, uid: str, old: str, new: str) -> None:
        """Change a text in a card."""
        file = self._file(uid)
        text = file.read_bytes().decode()
        assert old in text, text
        file.write_bytes(text.replace(old, new).encode())
        await self.sync()

    async def delete(self, uid: str) -> None:
        """Delete a card."""
        self._file(uid).unlink()
        await self.sync()

    def _files(self) -> list[Path]:
        return sorted((self._folder / "contacts").glob("*/*.vcf"))

    def _file(self, uid: str) -> Path:
        (found,) = (file for file in self._files() if f"UID:{uid}" in file.read_text())
        return found

    async def _run(self, command: str) -> None:
        process = await asyncio.create_subprocess_exec(
            *(program(), "--verbosity", "INFO", "--config", "config", command),
            cwd=self._folder,
            env={"HOME": str(self._folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
            stdin=PIPE,
            stdout=PIPE,
            stderr=STDOUT,
        )
        async with asyncio.timeout(PATIENCE):
            said, _ = await process.communicate(b"y\n" * 8)  # yes, make the folders
        if process.returncode:
            raise SyncFailed(said.decode())


def program() -> str:
    """Return where vdirsyncer is: beside the Python that runs the tests, or on the PATH."""
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    found = shutil.which(PROGRAM, path=path)
    assert found, "vdirsyncer is not installed."
    return found


@asynccontextmanager
async def vdirsyncer(folder: Path) -> AsyncIterator[Vdirsyncer]:
    """Have a vdirsyncer with all its files in a folder."""
    yield Vdirsyncer(folder)
