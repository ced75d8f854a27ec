"""The connection pool, seen from outside: how many connections are open, used and waited for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from time import thread_time
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


class _Stopwatch:
    """Measures a wait without the time in which this thread was at work itself.

    Where hundreds of requests keep the process busy, a wait says nothing about PostgreSQL.
    """

    def __init__(self) -> None:
        self._clock = asyncio.get_running_loop().time
        self._begin, self._worked = self._clock(), thread_time()

    @property
    def seconds(self) -> float:
        """Seconds of waiting so far."""
        return max(self._clock() - self._begin - (thread_time() - self._worked), 0.0)

    def left(self, seconds: float) -> float:
        """Return after how many seconds to look again whether the wait is over; 0 if it is."""
        end = self._begin + max(seconds, MAX_WAIT)
        wait = min(seconds - self.seconds, end - self._clock())
        return wait if wait > _RESOLUTION else 0.0


@asynccontextmanager
async def waiting(seconds: float) -> AsyncIterator[None]:
    """Limit a wait for a connection, and measure it: how many wait, how long, whether in vain.

    Args:
        seconds: How long it may take, without the work of this thread meanwhile; MAX_WAIT with it.

    Raises:
        TimeoutError: The time is over.
    """
    waited = _WAITED.get() or _Waited()
    loop, stopwatch = asyncio.get_running_loop(), _Stopwatch()
    timer: asyncio.TimerHandle

    def look() -> None:
        nonlocal timer
        if left := stopwatch.left(seconds):
            timer = loop.call_later(left, look)
        else:
            limit.reschedule(loop.time())

    timer = loop.call_later(seconds, look)
    try:
        with DB_POOL_WAITING.track_inprogress():
            async with asyncio.timeout(None) as limit:
                yield
    except TimeoutError:
        DB_POOL_TIMEOUTS.inc()
        waited.seconds = float("inf")  # after a time-out a request does not wait again
        raise
    finally:
        timer.cancel()
        waited.seconds += stopwatch.seconds


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
