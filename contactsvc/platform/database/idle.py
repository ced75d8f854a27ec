"""Connections that have just been used, for whoever needs one next.

asyncpg's pool begins a task to release a connection, and makes a proxy and a timer anew when it is
acquired again, which costs more than a small statement does. Connections that are in order stay
here instead, and go back every INTERVAL: the pool ends what has been idle or in use for long.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import asyncpg

from contactsvc.platform.database.faults import AWAY_ERRORS

INTERVAL: Final = 1.0
"""Seconds after which connections that nobody uses just then go back to the pool."""


class Idle(NamedTuple):
    """A connection that nobody uses, though it is acquired from a pool."""

    pool: asyncpg.Pool
    connection: asyncpg.Connection


class IdleConnections:
    """Keeps connections between two uses."""

    def __init__(self) -> None:
        self._kept: list[Idle] = []
        self._timer: asyncio.TimerHandle | None = None
        self._releasing: set[asyncio.Task[None]] = set()

    def keep(self, idle: Idle) -> None:
        """Keep a connection that is in order."""
        self._kept.append(idle)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(INTERVAL, self.release)

    def take(self) -> Idle | None:
        """Return the connection that was kept last; None where there is none in order."""
        if not self._kept:
            return None
        if not is_in_order(self._kept[-1].connection):  # it has died
            self.release()
            return None
        return self._kept.pop()

    def release(self) -> None:
        """Release all to their pools, beside what the caller does."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._kept:
            kept, self._kept = self._kept, []
            task = asyncio.create_task(_release(kept), name="release idle connections")
            self._releasing.add(task)
            task.add_done_callback(self._releasing.discard)


async def _release(kept: Sequence[Idle]) -> None:
    for idle in kept:
        with suppress(*AWAY_ERRORS):
            await idle.pool.release(idle.connection)


def is_in_order(connection: asyncpg.Connection) -> bool:
    """Return whether a connection is open, and no transaction was left open on it.

    If not, it must be released to its pool, which puts it in order.
    """
    try:
        return not (connection.is_closed() or connection.is_in_transaction())
    except asyncpg.InterfaceError:  # it has died, and the pool has taken it back by itself
        return False
