"""The connection pool, seen from outside: how many connections are open, used and waited for."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg

from contactsvc.database.faults import NOT_UTF8
from contactsvc.errors import Misconfigured
from contactsvc.metrics import DB_POOL_CONNECTIONS, DB_POOL_TIMEOUTS, DB_POOL_WAITING

_USED: Final = DB_POOL_CONNECTIONS.labels("used")
_IDLE: Final = DB_POOL_CONNECTIONS.labels("idle")


async def opened(connection: asyncpg.Connection) -> None:
    """Count a new connection until it is closed; asyncpg's pool calls this for each.

    Raises:
        Misconfigured: The database cannot hold every text.
    """
    # PostgreSQL has told it, so this costs nothing.
    encoding = getattr(connection.get_settings(), "server_encoding", "UTF8")
    if encoding != "UTF8":
        raise Misconfigured(NOT_UTF8, reason=f"it is {encoding}")
    _IDLE.inc()
    connection.add_termination_listener(lambda _: _IDLE.dec())


@contextmanager
def waiting() -> Iterator[None]:
    """Count somebody who waits for a connection, and whether they gave up."""
    try:
        with DB_POOL_WAITING.track_inprogress():
            yield
    except TimeoutError:
        DB_POOL_TIMEOUTS.inc()
        raise


async def acquire(pool: asyncpg.Pool) -> asyncpg.Connection:
    """Return a connection of the pool, which is counted as used until ``release``."""
    connection = await pool.acquire()
    _USED.inc()
    _IDLE.dec()
    return connection


async def release(pool: asyncpg.Pool, connection: asyncpg.Connection) -> None:
    """Give a connection back."""
    try:
        await pool.release(connection)
    finally:
        _USED.dec()
        _IDLE.inc()
