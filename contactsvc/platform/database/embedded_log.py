"""The embedded PostgreSQL's own log: without personal data, and of bounded size.

It is read only when the server does not start. So statements that fail are left to the
service's log, which repeats no value, and the file is emptied when it has become long.
"""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Final

MAX_BYTES: Final = 1024 * 1024
"""Size at which the log is emptied."""

_NAME: Final = "contactsvc.conf"
_SETTINGS: Final = """\
# Written by contactsvc at every start.
log_min_messages = log              # LOG ranks above ERROR: no client can make the log grow
log_min_error_statement = panic
log_error_verbosity = terse         # no DETAIL, which has values
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
"""
_INCLUDE: Final = f"include_if_exists = '{_NAME}'\n"


def configure(data_folder: Path, postmaster: int | None) -> None:
    """Give the server on ``data_folder`` the settings above, and empty a long log.

    Args:
        data_folder: PostgreSQL's data folder.
        postmaster: Process id of the server, which is told to reload its settings; None if it
            does not run.
    """
    shorten(data_folder)
    settings, main = data_folder / _NAME, data_folder / "postgresql.conf"
    if settings.exists() and settings.read_text() == _SETTINGS:
        return
    settings.write_text(_SETTINGS)
    settings.chmod(0o644)  # as root it is written, and PostgreSQL's system user reads it
    if _INCLUDE not in main.read_text():
        with main.open("a") as file:
            file.write(f"\n{_INCLUDE}")
    if postmaster is not None:
        os.kill(postmaster, signal.SIGHUP)


def shorten(data_folder: Path) -> bool:
    """Empty a log that is longer than MAX_BYTES, and return whether it was.

    The server goes on writing into it: it was opened to append, so there is no hole.
    """
    log = data_folder / "log"
    with suppress(FileNotFoundError):
        if log.stat().st_size > MAX_BYTES:
            os.truncate(log, 0)
            return True
    return False
