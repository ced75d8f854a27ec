"""Log lines as the service writes them, caught in a test."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager

from contactsvc.platform import logs


@contextmanager
def log_lines(
    form: str, level: str = "INFO", stream: io.StringIO | None = None
) -> Iterator[io.StringIO]:
    """Write all log lines, in that form, into a string.

    Afterwards the handlers and levels of before are back, and what the lines were about is
    forgotten.
    """
    root = logging.getLogger()
    handlers = root.handlers[:]
    loggers = [root, *map(logging.getLogger, (*logs.OWN, logs.QUIET))]
    levels = [logger.level for logger in loggers]
    stream = io.StringIO() if stream is None else stream
    try:
        logs.configure(level, form, stream)
        yield stream
    finally:
        root.handlers[:] = handlers
        for logger, before in zip(loggers, levels, strict=True):
            logger.setLevel(before)
        logs.CONTEXT.set({})
