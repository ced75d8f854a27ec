"""Pictures as files in a folder, served by this service itself."""

import asyncio
import re
from pathlib import Path
from typing import Final

from contactsvc.platform import files
from contactsvc.platform.errors import NotFound, Unavailable
from contactsvc.platform.storage.store import Reference

_NAME: Final = re.compile(r"[0-9a-f]{32}\.webp", re.ASCII)
"""What a file may be called; nothing with such a name leads out of the folder."""


class FolderStore:
    """Keeps each picture in a file of its own.

    Args:
        folder: The folder; it is made with the first picture.
    """

    kind: Final = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, name: str, picture: bytes) -> Reference:
        """Write the file; it appears under its name only when it is whole.

        Raises:
            Unavailable: The disk is full, or the folder cannot be written.
        """
        try:
            await asyncio.to_thread(files.write, self._path(name), picture)
        except OSError as error:
            raise Unavailable(f"Pictures cannot be written: {error.strerror}.") from error
        return Reference(self.kind, name)

    async def read(self, name: str) -> bytes:
        """Return a picture.

        Raises:
            NotFound: There is none with that name, whatever the name is.
            Unavailable: The file cannot be read.
        """
        try:
            return await asyncio.to_thread(self._path(name).read_bytes)
        except FileNotFoundError:
            raise NotFound from None
        except OSError as error:
            raise Unavailable(f"Pictures cannot be read: {error.strerror}.") from error

    async def delete(self, name: str) -> None:
        """Delete a picture, if it is there.

        Raises:
            Unavailable: The folder cannot be written.
        """
        try:
            await asyncio.to_thread(self._path(name).unlink, missing_ok=True)
        except OSError as error:
            raise Unavailable(f"Pictures cannot be deleted: {error.strerror}.") from error

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise NotFound
        return self._folder / name
