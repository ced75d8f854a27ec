"""Log lines as the service writes them, caught in a test."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from contactsvc import logs


@contextmanager
def log_lines(form: str) -> Iterator[io.StringIO]:
    """Write all log lines, in that form, into a string.

    Afterwards the handlers of before are back, and what the lines were about is forgotten.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    try:
        logs.configure("INFO", form, stream)
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.contextvars.clear_contextvars()
