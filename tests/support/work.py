"""What a request costs, counted: no clock tells as much, and none tells the same twice."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest

from contactsvc.platform import logs
from contactsvc.platform.database import client, pool


@contextmanager
def statements_of_requests() -> Iterator[list[str]]:
    """Gather the SQL that requests send, and none of what is done in the background."""
    sent: list[str] = []

    class Gather(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            # Set by the middleware, in the context of the one request.
            if "request_id" in logs.CONTEXT.get():
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


@contextmanager
def round_trips_of_requests() -> Iterator[list[str]]:
    """Gather all that requests send, with BEGIN, COMMIT and savepoints, and nothing of others.

    Only on connections that are opened inside: begin with the application. What the pool sends
    when a connection is given back does not count.
    """
    sent: list[str] = []

    async def opened(connection: asyncpg.Connection) -> None:
        await pool.opened(connection)
        reset = connection.get_reset_query()

        def gather(query: asyncpg.connection.LoggedQuery) -> None:
            if "request_id" in logs.CONTEXT.get() and query.query != reset:
                sent.append(query.query)

        connection.add_query_logger(gather)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "opened", opened)
        yield sent
