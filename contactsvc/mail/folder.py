"""Mail as files in a folder, where no mail server is set."""

import asyncio
import secrets
from contextlib import suppress
from datetime import datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Final

from contactsvc.mail.sender import TemporaryFailure
from contactsvc.platform import files
from contactsvc.platform.clock import now

FOLDER: Final = "mail"
"""Name of the folder inside ``DATA_DIR``."""


class FolderSender:
    """Writes each mail as an ``.eml`` file (RFC 5322), which mail programs open.

    Args:
        folder: The folder that files are written into, created with the first of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def place(self) -> str:
        """The path of the folder."""
        return str(self._folder)

    async def send(self, message: EmailMessage) -> None:
        """Write the mail into a new file, which appears under its name only when it is complete.

        Raises:
            TemporaryFailure: The folder cannot be written.
        """
        # RFC 6532: an address beyond ASCII is written in UTF-8.
        form = policy.SMTP if str(message["To"]).isascii() else policy.SMTPUTF8
        content = message.as_bytes(policy=form)
        try:
            await asyncio.to_thread(files.write, self._folder / _name(), content)
        except OSError as error:
            raise TemporaryFailure(f"The folder cannot be written: {error.strerror}.") from None


def _name() -> str:
    """Return a new file's name; names sort by the time of writing."""
    return f"{now():%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"


def purge(data_dir: Path, before: datetime) -> int:
    """Remove the files of the mail folder that are older than a time.

    Args:
        data_dir: The ``DATA_DIR`` that the folder is in.
        before: Files that were last written before this time are removed, unfinished ones too.

    Returns:
        The number of files removed.
    """
    count = 0
    for file in (data_dir / FOLDER).glob("*"):
        with suppress(FileNotFoundError):  # another process has just removed it
            if file.is_file() and file.stat().st_mtime < before.timestamp():
                file.unlink()
                count += 1
    return count
