"""The connection pool, seen from outside: how many connections are open, used and waited for."""

import asyncio
from contextvars import ContextVar
from typing import Final

import asyncpg

from contactsvc.platform.database.faults import NOT_UTF8
from contactsvc.platform.errors import Misconfigured
from contactsvc.platform.metrics import DB_POOL_CONNECTIONS, DB_POOL_TIMEOUTS, DB_POOL_WAITING

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


class _Waited:
    """The seconds that a request has waited for connections so far."""

    seconds = 0.0


_WAITED: Final[ContextVar[_Waited | None]] = ContextVar("waited", default=None)


def share_wait() -> None:
    """Let the statements of this task from now on, such as a request's, wait as long as one may.

    Otherwise each of them might wait for a pool that is used up, one after the other.
    """
    _WAITED.set(_Waited())


def time_left(timeout: float) -> float:
    """Return the seconds, from 0, that this task may wait for a connection.

    Args:
        timeout: Seconds that the task may wait: in all after :func:`share_wait`, each time
            without it.
    """
    waited = _WAITED.get()
    return max(timeout - waited.seconds, 0.0) if waited else timeout


class waiting:  # noqa: N801 - it reads as a function, as those of contextlib
    """Measure a wait for a connection: how many wait, for how long, and whether it timed out."""

    def __enter__(self) -> None:
        """Begin to wait."""
        DB_POOL_WAITING.inc()
        self._begin = asyncio.get_running_loop().time()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the wait; after a time-out a request does not wait again."""
        timed_out = kind is not None and issubclass(kind, TimeoutError)
        if waited := _WAITED.get():
            passed = asyncio.get_running_loop().time() - self._begin
            waited.seconds += float("inf") if timed_out else passed
        if timed_out:
            DB_POOL_TIMEOUTS.inc()
        DB_POOL_WAITING.dec()


async def acquire(pool: asyncpg.Pool) -> asyncpg.Connection:
    """Return a connection of the pool, which is counted as used until ``release``."""
    connection = await pool.acquire()
    count_used()
    return connection


async def release(pool: asyncpg.Pool, connection: asyncpg.Connection) -> None:
    """Release a connection to the pool, and count it as idle."""
    try:
        await pool.release(connection)
    finally:
        count_idle()


def count_used() -> None:
    """Count an idle connection as used."""
    _USED.inc()
    _IDLE.dec()


def count_idle() -> None:
    """Count a used connection as idle."""
    _USED.dec()
    _IDLE.inc()
