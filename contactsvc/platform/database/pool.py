"""The connection pool, seen from outside: how many connections are open, used and waited for."""

import asyncio
from contextvars import ContextVar
from time import thread_time
from types import TracebackType
from typing import Final

import asyncpg

from contactsvc.platform.database.faults import NOT_UTF8
from contactsvc.platform.errors import Misconfigured
from contactsvc.platform.metrics import DB_POOL_CONNECTIONS, DB_POOL_TIMEOUTS, DB_POOL_WAITING

_USED: Final = DB_POOL_CONNECTIONS.labels("used")
_IDLE: Final = DB_POOL_CONNECTIONS.labels("idle")


MAX_WAIT: Final = 10.0
"""Seconds after which a wait ends however busy this process is: those of the longest statement."""

_RESOLUTION: Final = 0.001
"""Seconds by which a timer may be early."""


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
    """Limit a wait for a connection, and measure it: how many wait, how long, whether in vain.

    The time in which this thread is at work itself does not count: where hundreds of requests keep
    the process busy, a wait says nothing about PostgreSQL.

    Args:
        seconds: How long it may take, without the work of this thread; MAX_WAIT with it.

    Raises:
        TimeoutError: The time is over.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._limit = asyncio.timeout(None)
        self._loop = asyncio.get_running_loop()
        self._begin, self._worked = self._loop.time(), thread_time()

    async def __aenter__(self) -> None:
        """Begin to wait."""
        await self._limit.__aenter__()
        DB_POOL_WAITING.inc()
        self._timer = self._loop.call_later(self._seconds, self._look)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End the wait; after a time-out a request does not wait again."""
        self._timer.cancel()
        DB_POOL_WAITING.dec()
        timed_out = isinstance(error, TimeoutError)
        try:
            await self._limit.__aexit__(kind, error, traceback)
        except TimeoutError:
            timed_out = True
            raise
        finally:
            if waited := _WAITED.get():
                waited.seconds += float("inf") if timed_out else self._waited
            if timed_out:
                DB_POOL_TIMEOUTS.inc()

    @property
    def _waited(self) -> float:
        passed = self._loop.time() - self._begin
        return max(passed - (thread_time() - self._worked), 0.0)

    def _look(self) -> None:
        """End the wait if its time is over, or look again when it might be."""
        end = self._begin + max(self._seconds, MAX_WAIT)
        left = min(self._seconds - self._waited, end - self._loop.time())
        if left > _RESOLUTION:
            self._timer = self._loop.call_later(left, self._look)
        else:
            self._limit.reschedule(self._loop.time())


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
