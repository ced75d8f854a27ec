"""Files that appear under their name only when they are whole, and last through a power cut."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from contactsvc.platform.errors import Unavailable


def write(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; one of that name is replaced.

    Args:
        path: Where to. The folder is made, for the owner alone, if there is none.
        content: The whole content, in bytes.

    Raises:
        OSError: It cannot be written; nothing is left of it.
    """
    with _draft(path, content) as draft:
        draft.rename(path)
    _sync_folder(path.parent)


def write_once(path: Path, content: bytes) -> bool:
    """Write a file as :func:`write` does, unless it exists; of several writers one wins.

    Returns:
        Whether it was written.

    Raises:
        OSError: It cannot be written; nothing is left of it.
    """
    with _draft(path, content) as draft:
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return False
    _sync_folder(path.parent)
    return True


@contextmanager
def room() -> Iterator[None]:
    """Raise Unavailable where there is no room for what is written inside.

    Raises:
        Unavailable: The disk is full, or a quota of it is used up.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Unavailable("There is no room for this now; try again later.") from error
        raise


def _sync_folder(folder: Path) -> None:
    """Write a new name in a folder to the disk, without which a power cut may undo a rename."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):  # not every file system can, and the file is there already
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _draft(path: Path, content: bytes) -> Iterator[Path]:
    """Write a file of another name beside ``path``, and remove it if it has not been renamed."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)
