"""Tortoise's asyncpg client, with bounded waits and the service's own errors for outages.

It overrides private names of Tortoise: docs/explanation/decisions/0018 says which, and what to do
at the next release. Tortoise finds the class by the name ``client_class`` in the module that its
configuration calls ``engine``.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any, Final

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import PoolConnectionWrapper, TransactionContextPooled

from contactsvc.platform.database.faults import AWAY, AWAY_ERRORS, connecting
from contactsvc.platform.database.idle import Idle, IdleConnections, is_in_order
from contactsvc.platform.database.pool import (
    acquire,
    count_idle,
    count_used,
    opened,
    release,
    time_left,
    waiting,
)
from contactsvc.platform.database.pooler import Pooler
from contactsvc.platform.database.statements import SendsStatements
from contactsvc.platform.database.transaction import PooledTransaction
from contactsvc.platform.database.turns import Turns
from contactsvc.platform.database.watch import NoWatch, Watch
from contactsvc.platform.errors import Unavailable

ACQUIRE_TIMEOUT: Final = 10.0
"""Seconds that commands wait for a connection, and that closing an old pool may take."""


class _PlainConnection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection whose release costs no round trip, because no statement leaves a trace on it.

    asyncpg would reset parameters, listeners and session locks, which nothing sets on a pooled
    connection. It still rolls back a transaction that was left open, which closes its cursors.
    """

    def get_reset_query(self) -> str:
        """Return no statement."""
        return ""


class _PooledConnection:
    """A connection that was acquired for a client; ``release`` must be called exactly once."""

    def __init__(
        self, client: "ServiceClient", pool: asyncpg.Pool, connection: asyncpg.Connection
    ) -> None:
        self._client = client
        self._pool = pool
        self.connection = connection

    async def release(self, *, answered: bool = False) -> None:
        """Release it. If it dies meanwhile that is no error: its work is done.

        Args:
            answered: Whether all that was sent has been answered without an error. If not, asyncpg
                may have to wait for a cancelled statement first.
        """
        if answered and self._client.pass_on(Idle(self._pool, self.connection)):
            return
        try:
            with suppress(*AWAY_ERRORS):
                await release(self._pool, self.connection)
        finally:
            self._client.end_turn()


class _Acquired(PoolConnectionWrapper[asyncpg.Connection]):
    """Acquires a connection of the pool for one statement."""

    client: "ServiceClient"

    async def __aenter__(self) -> asyncpg.Connection:
        self._pooled = await self.client.acquire()
        self.client.watch.begin(self._pooled.connection)
        return self._pooled.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        answered = exc_type is None
        try:
            # A cancelled statement is waited for here, so this is watched, too.
            await self._pooled.release(answered=answered)
        finally:
            self.client.watch.end(self._pooled.connection, answered=answered)


class ServiceClient(SendsStatements, AsyncpgDBClient):
    """Waits a bounded time for a connection and raises Unavailable when there is none.

    Args:
        request_timeout: Seconds that a request waits for connections, all of its statements after
            :func:`~contactsvc.platform.database.pool.share_wait` together. The watch for a silent
            PostgreSQL derives its limits from it. None is for commands: they wait ACQUIRE_TIMEOUT
            for each connection, and nothing watches their statements.
    """

    connection_class = _PlainConnection

    def __init__(
        self,
        *args: Any,
        port: int | list[int],
        request_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.port: Any = port  # Tortoise's type is one int, asyncpg takes one for each host
        self._acquire_timeout = request_timeout or ACQUIRE_TIMEOUT
        self.watch: Watch | NoWatch = NoWatch()
        if request_timeout is not None:
            self.watch = Watch(self._options, self._renew_pool, request_timeout)
        self.pooler = Pooler(self._options, self.acquire_connection)
        self._turns = Turns(self.pool_maxsize, self._take_back)
        self._idle = IdleConnections()
        self._retiring: set[asyncio.Task[None]] = set()
        self._closed = False

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        """Return a pool whose connections are counted.

        Raises:
            Unavailable: The client is closed, so nobody would close the pool.
        """
        if self._closed:
            raise Unavailable(AWAY)
        return await super().create_pool(init=opened, **kwargs)

    async def acquire(self) -> _PooledConnection:
        """Acquire a connection of the pool.

        Raises:
            Unavailable: None is free in time, or PostgreSQL is known to be away.
        """
        if not self._turns.locked() and not self.watch.is_away and (idle := self._idle.take()):
            await self._turns.acquire()  # without waiting
            count_used()
            return _PooledConnection(self, *idle)
        with connecting():
            if self._has_idle_connection():
                return await self._acquire_in_turn()  # without waiting
            left = time_left(self._acquire_timeout)
            if self.watch.is_away or (not left and self._turns.locked()):
                raise Unavailable(AWAY)
            async with waiting(left):
                return await self._acquire_in_turn()

    def _has_idle_connection(self) -> bool:
        return (
            self._pool is not None
            and not self._turns.locked()
            and not self.watch.is_away
            and self._pool.get_idle_size() > 0
        )

    async def _acquire_in_turn(self) -> _PooledConnection:
        if given := await self._turns.acquire():
            return _PooledConnection(self, *given)  # it is counted as used
        try:
            if idle := self._idle.take():  # the pool may have no other
                count_used()
                return _PooledConnection(self, *idle)
            if self._pool is None:
                async with self._pool_init_lock:
                    if self._pool is None:
                        await self.create_connection(with_db=True)
            pool = self._pool
            return _PooledConnection(self, pool, await acquire(pool))
        except BaseException:
            self._turns.release()
            raise

    def pass_on(self, used: Idle) -> bool:
        """End a turn with a connection: for who waits, or else for whoever needs one next.

        Returns:
            False where it must be released to its pool, and the turn be ended then.
        """
        if used.pool is not self._pool or not is_in_order(used.connection):
            return False
        if not self._turns.hand_over(used):
            self._idle.keep(used)
            count_idle()
            self._turns.release()
        return True

    def _take_back(self, given: Idle) -> None:
        releasing = _PooledConnection(self, *given).release(answered=True)
        task = asyncio.create_task(releasing, name="take a connection back")
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def end_turn(self) -> None:
        """Let the next one acquire a connection."""
        self._turns.release()

    def acquire_connection(self) -> PoolConnectionWrapper[asyncpg.Connection]:
        """Return a context that holds one connection of the pool."""
        return _Acquired(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContextPooled:
        return PooledTransaction(self)

    def _options(self) -> dict[str, Any]:
        """Return the arguments of ``asyncpg.connect``."""
        of_pools = ("min_size", "max_size", "connection_class", "loop")
        options = {name: self._template[name] for name in self._template if name not in of_pools}
        return options | {"password": self.password}

    def _renew_pool(self) -> None:
        """Let whoever asks next make a new pool; connections in use may finish their work."""
        pool, self._pool = self._pool, None
        self._idle.release()
        if pool is not None:
            task = asyncio.create_task(_retire(pool, ACQUIRE_TIMEOUT), name="retire a pool")
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def _close(self) -> None:
        self._closed = True
        await self.watch.stop()
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        pool, self._pool = self._pool, None
        self._idle.release()
        if pool is not None:
            await _retire(pool, self._acquire_timeout)


async def _retire(pool: asyncpg.Pool, seconds: float) -> None:
    """Close a pool; a PostgreSQL that is silent is not waited for."""
    with suppress(*AWAY_ERRORS):
        async with asyncio.timeout(seconds):
            await pool.close()  # terminates what it cannot close


client_class = ServiceClient


def _drop_values(record: logging.LogRecord) -> bool:
    """Let Tortoise log statements but not their values: people's data, and what they mistype."""
    if isinstance(record.args, tuple) and len(record.args) > 1:
        record.args = (record.args[0], "(values not logged)")
    return True


logging.getLogger("tortoise.db_client").addFilter(_drop_values)
