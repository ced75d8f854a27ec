"""What the tests of repositories look at pages and statements with."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson


def as_client_brings_it(position: list[Any] | None) -> list[Any] | None:
    """Send a page's position through JSON, as a cursor does."""
    return None if position is None else list(orjson.loads(orjson.dumps(position)))


@contextmanager
def statements() -> Iterator[list[tuple[str, list[object]]]]:
    """Collect the SQL that the ORM sends, each statement with its values."""
    logger = logging.getLogger("tortoise.db_client")
    seen: list[tuple[str, list[object]]] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple) and record.msg == "%s: %s":
                query, values = record.args
                seen.append((str(query), list(values or [])))  # type: ignore[call-overload]

    handler, level = Collect(), logger.level
    filters, logger.filters = logger.filters, []  # they keep the values out of logs
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield seen
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.filters = filters
