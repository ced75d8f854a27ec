"""Tells a PostgreSQL that is slow from one that does not answer at all.

Behind a firewall that drops, on a host without power, in a server that hangs, a connection looks
alive and says nothing. So does one that works on a long statement. When a statement has been silent
for half of the time that a request waits, PostgreSQL is asked about it on a new connection: what it
works on may take its time, the rest is given up. A statement that is not slow costs no round trip.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any, Final

import asyncpg

from contactsvc.platform import background
from contactsvc.platform.settings import Settings

SILENCE: Final = 1 / 2
"""Share of a request's time-out after which PostgreSQL is asked whether it works on a statement."""

ANSWER: Final = 5 / 12
"""Share of a request's time-out in which PostgreSQL must accept the connection, and again answer.

With the defaults, SILENCE, one ANSWER and the time-out of a Redis that is away stay below 2 s.
"""

STANDSTILL: Final = 0.1
"""Seconds by which a time limit is overrun at the most, unless this process itself stood still."""

RETRY_INTERVAL: Final = 0.3
"""Seconds between two tries to reach a PostgreSQL that is away."""

# Ids are given and taken as text: for an array asyncpg would have to ask for its type first.
_WORKING: Final = """
SELECT pg_backend_pid() AS own, coalesce(string_agg(pid::text, ' '), '') AS working
FROM pg_stat_activity WHERE pid = ANY(string_to_array($1, ' ')::int[])
  AND state NOT LIKE 'idle%' AND wait_event IS DISTINCT FROM 'ClientRead'
"""

_END: Final = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE pid = ANY(string_to_array($1, ' ')::int[]) AND usename = current_user
  AND application_name = current_setting('application_name')
"""

_GONE: Final = (OSError, TimeoutError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError)


class Watch:
    """Watches the statements of one pool.

    Args:
        options: Returns the arguments of ``asyncpg.connect``.
        renew: Replaces the pool, whose idle connections may be lost, too, though they look alive.
        timeout: Seconds that a request waits for PostgreSQL.

    Attributes:
        is_away: Whether PostgreSQL has fallen silent and not answered since.
    """

    def __init__(
        self,
        options: Callable[[], dict[str, Any]],
        renew: Callable[[], None],
        timeout: float = Settings.database_timeout,
    ) -> None:
        self._options = options
        self._renew = renew
        self._silence, self._answer = timeout * SILENCE, timeout * ANSWER
        self._due: dict[asyncpg.Connection, float] = {}
        self._lost_pids: set[int] = set()
        self._last_answer = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self.is_away = False

    def begin(self, connection: asyncpg.Connection) -> None:
        """Note that a statement is sent."""
        loop = asyncio.get_running_loop()
        self._due[connection] = loop.time() + self._silence
        if self._timer is None and self._task is None:
            self._timer = loop.call_later(self._silence, self._check)

    def end(self, connection: asyncpg.Connection, *, answered: bool) -> None:
        """Note that a statement has ended, and whether PostgreSQL has said so."""
        self._due.pop(connection, None)
        if answered:
            self._last_answer = asyncio.get_running_loop().time()

    async def stop(self) -> None:
        """Watch no longer."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            await background.stop(self._task)
        self.is_away = False

    def _check(self) -> None:
        """Examine what is silent, or come back when the next statement might be."""
        self._timer = None
        if not self._due:
            return
        loop = asyncio.get_running_loop()
        wait = min(self._due.values()) - loop.time()
        if wait > 0:
            self._timer = loop.call_later(wait, self._check)
            return
        self._task = loop.create_task(self._examine(), name="examine PostgreSQL's silence")
        self._task.add_done_callback(self._examined)

    def _examined(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled():
            self._check()

    async def _examine(self) -> None:
        """Give up the statements that PostgreSQL does not work on, or all if it is away."""
        loop = asyncio.get_running_loop()
        begin = loop.time()
        silent = {each: due for each, due in self._due.items() if due <= begin}
        pids = {each: _pid(each) for each in silent}
        working: Collection[int] = pids.values()
        try:
            working = await self._ask(list(working))
        except _GONE:
            # A process that has stood still itself has learnt nothing about PostgreSQL.
            stood_still = loop.time() - begin > self._answer + STANDSTILL
            if self._last_answer < begin - self._silence and not stood_still:
                await self._wait_for_return()
        # Some may have ended meanwhile.
        still = [each for each, due in silent.items() if self._due.get(each) == due]
        self._due.update(dict.fromkeys(still, loop.time() + self._silence))
        if gone := [each for each in still if pids[each] not in working]:
            self._give_up(gone)
            with suppress(*_GONE):
                await self._ask([])

    async def _ask(self, pids: list[int]) -> Collection[int]:
        """Return those processes of PostgreSQL that work on a statement.

        Where that cannot be told, all count as working.
        """
        try:
            async with asyncio.timeout(self._answer):
                connection = await asyncpg.connect(**self._options())
        except asyncpg.PostgresConnectionError:
            raise
        except asyncpg.PostgresError:  # too many connections, say: it is not silent
            return pids
        try:
            async with asyncio.timeout(self._answer):
                row = await connection.fetchrow(_WORKING, _listed(pids))
                if row["own"] != connection.get_server_pid():
                    # A pooler stands between, and its ids are not PostgreSQL's.
                    self._lost_pids.clear()
                    return pids
                await self._terminate_lost(connection)
        except asyncpg.PostgresConnectionError:
            raise
        # It has said hello, but keeps us waiting, as a pooler without a place does; or refuses.
        except (TimeoutError, asyncpg.PostgresError):
            return pids
        finally:
            connection.terminate()
        return [int(pid) for pid in row["working"].split()]

    async def _terminate_lost(self, connection: asyncpg.Connection) -> None:
        """Terminate PostgreSQL's processes of lost connections, which may still hold locks."""
        if self._lost_pids:
            await connection.execute(_END, _listed(self._lost_pids))
            self._lost_pids.clear()

    def _give_up(self, connections: Collection[asyncpg.Connection]) -> None:
        """Terminate connections, so that their statements fail at once, and replace the pool."""
        for connection in connections:
            with suppress(asyncpg.InterfaceError):  # it has just been released
                self._lost_pids.add(_pid(connection))
                connection.terminate()
        self._renew()

    async def _wait_for_return(self) -> None:
        """Give up every statement, and try until PostgreSQL answers again."""
        self.is_away = True
        self._give_up(list(self._due))
        while self.is_away:
            await asyncio.sleep(RETRY_INTERVAL)
            with suppress(*_GONE):
                await self._ask([])
                self.is_away = False


def _listed(pids: Collection[int]) -> str:
    return " ".join(map(str, pids))


class NoWatch:
    """Watches nothing: commands and migrations wait as long as their time limits allow."""

    is_away = False

    def begin(self, connection: asyncpg.Connection) -> None:
        """Do nothing."""

    def end(self, connection: asyncpg.Connection, *, answered: bool) -> None:
        """Do nothing."""

    async def stop(self) -> None:
        """Do nothing."""


def _pid(connection: asyncpg.Connection) -> int:
    """Return the id of PostgreSQL's process; 0 if the connection has just been released."""
    with suppress(asyncpg.InterfaceError):
        return int(connection.get_server_pid())
    return 0
