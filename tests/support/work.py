"""What a request costs, counted: no clock tells as much, and none tells the same twice."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import structlog


@contextmanager
def statements_of_requests() -> Iterator[list[str]]:
    """Gather the SQL that requests send, and none of what is done in the background."""
    sent: list[str] = []

    class Gather(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # Set by the middleware, in the context of the one request.
            if "request_id" in structlog.contextvars.get_contextvars():
                sent.append(record.getMessage())

    logger, handler = logging.getLogger("tortoise.db_client"), Gather()
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield sent
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
