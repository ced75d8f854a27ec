"""What the tests of repositories look at pages and statements with."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

from contactsvc.contacts.rows import ContactRow


def as_client_brings_it(position: list[Any] | None) -> list[Any] | None:
    """Send a page's position through JSON, as a cursor does."""
    return None if position is None else list(orjson.loads(orjson.dumps(position)))


def as_read(row: ContactRow) -> dict[str, Any]:
    """Return a contact with its lists as objects, as JSON keeps no order of names."""
    return {**row, "details": orjson.loads(row["details"])}


@contextmanager
def statements() -> Iterator[list[tuple[str, list[object]]]]:
    """Collect the SQL that the ORM sends in this thread, each statement with its values."""
    thread = threading.get_ident()
    logger = logging.getLogger("tortoise.db_client")
    seen: list[tuple[str, list[object]]] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.thread != thread:
                return  # an application that tests share has a thread of its own
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
