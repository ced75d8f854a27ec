"""A real PostgreSQL out of a wheel, for those who have set no DATABASE_URL.

The wheel starts a server on a data folder or attaches to the one that runs there. It counts its
users by process id, which a killed process never takes off the list; so the count is kept here, as
a shared lock on a file that the kernel lets go with the process. Who leaves last stops the server.

Its own lock is one for the whole machine, in the temporary folder, where the first user's file
keeps all others out; so who starts or stops a server locks a file in DATA_DIR instead.
"""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

from contactsvc.platform.database import embedded_log, wheel
from contactsvc.platform.settings import Settings
from contactsvc.platform.settings.data_dir import unwritable

logger = logging.getLogger(__name__)


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """Give the URL of the database, running the embedded server around it where it is used.

    Raises:
        RuntimeError: The embedded server cannot run; the reason names what to do.
    """
    if settings.database_url is not None:
        yield settings.database_url
        return
    with embedded_postgres(settings.data_dir / "postgres") as url:
        yield url


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on ``folder`` and give its URL; the last one out stops the server.

    Args:
        folder: The data folder, made at the first start, with the one above it.

    Raises:
        RuntimeError: The extra ``embedded`` is not installed, the folder above cannot be written
            to, or PostgreSQL does not start.
    """
    wheel.require()
    if reason := unwritable(folder.parent):
        raise RuntimeError(reason)
    with folder.with_name(f"{folder.name}.lock").open("a") as users:
        try:
            with _starting_or_stopping(folder):
                fcntl.flock(users, fcntl.LOCK_SH)
                sockets = wheel.start(folder)
                embedded_log.configure(folder, wheel.pid(folder))
            yield f"postgres://postgres@/postgres?host={quote(str(sockets), safe='')}"
        finally:
            with _starting_or_stopping(folder):
                if _is_last(users):
                    wheel.stop(folder)


def revive(folder: Path) -> bool:
    """Start the server on ``folder`` again if it has ended; return whether it had.

    Raises:
        RuntimeError: It does not start.
    """
    if wheel.is_running(folder):
        return False
    with _starting_or_stopping(folder):
        if wheel.is_running(folder):
            return False  # another process of the service was sooner
        wheel.start(folder)
    return True


@contextmanager
def _starting_or_stopping(folder: Path) -> Iterator[None]:
    """Let one process at a time start or stop the server; the others wait, and say so."""
    with folder.with_name(f"{folder.name}.start.lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            logger.warning(
                "Waiting for another process, which is starting or stopping the PostgreSQL in %s.",
                folder,
            )
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_last(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
