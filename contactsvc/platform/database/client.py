"""Tortoise's asyncpg client, taught to say in the service's words that PostgreSQL is away.

Tortoise finds it by the name ``client_class`` in the module that the configuration calls engine.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    PoolConnectionWrapper,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from contactsvc.platform.database.faults import AWAY, AWAY_ERRORS, away_is_unavailable, connecting
from contactsvc.platform.database.pool import acquire, opened, release, time_left, waiting
from contactsvc.platform.database.pooler import Pooler
from contactsvc.platform.database.watch import NoWatch, Watch
from contactsvc.platform.errors import Unavailable

PATIENCE: Final = 10.0
"""Seconds that a command waits for a connection."""


class _TranslatesOutages:
    async def _translate_exceptions(
        self, func: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any
    ) -> Any:
        with away_is_unavailable():
            return await super()._translate_exceptions(func, *args, **kwargs)  # type: ignore[misc]


class _Lent:
    """A connection out of the pool, to be given back once."""

    def __init__(
        self, pool: asyncpg.Pool, connection: asyncpg.Connection, turns: asyncio.Semaphore
    ) -> None:
        self._pool = pool
        self._turns = turns
        self.connection = connection

    async def give_back(self) -> None:
        """Return it; one that dies just then has done its work and is nobody's concern."""
        try:
            with suppress(*AWAY_ERRORS):
                await release(self._pool, self.connection)
        finally:
            self._turns.release()


class _Acquired(PoolConnectionWrapper[asyncpg.Connection]):
    """Lends a connection of the pool for one statement."""

    client: "ServiceClient"

    async def __aenter__(self) -> asyncpg.Connection:
        self._lent = await self.client.lend()
        self.client.watch.begin(self._lent.connection)
        return self._lent.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            await self._lent.give_back()  # it takes a round trip, which is watched, too
        finally:
            self.client.watch.end(self._lent.connection, answered=exc_type is None)


class _Statement(ConnectionWrapper[asyncpg.Connection]):
    """Lends the connection of a transaction for one statement."""

    client: "_Transaction"

    async def __aenter__(self) -> asyncpg.Connection:
        connection = await super().__aenter__()
        self.client.watch.begin(connection)
        return connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self.client.watch.end(self.connection, answered=exc_type is None)
        await super().__aexit__(exc_type, exc_val, exc_tb)


class _Transaction(_TranslatesOutages, TransactionWrapper):
    _parent: "ServiceClient | _Transaction"

    @property
    def watch(self) -> Watch | NoWatch:
        return self._parent.watch

    def acquire_connection(self) -> ConnectionWrapper[asyncpg.Connection]:
        return _Statement(self._lock, self)

    def _in_transaction(self) -> NestedTransactionContext:
        return _Savepoint(_Transaction(self))

    # A savepoint is begun and ended by way of these, too.

    async def begin(self) -> None:
        async with self.acquire_connection():
            await super().begin()

    async def commit(self) -> None:
        async with self.acquire_connection():
            await super().commit()

    async def rollback(self) -> None:
        async with self.acquire_connection():
            await super().rollback()


class _Savepoint(NestedTransactionContext):
    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        with away_is_unavailable():
            await super().__aexit__(exc_type, exc_val, exc_tb)


class _TransactionContext(TransactionContextPooled):
    def __init__(self, parent: "ServiceClient") -> None:
        super().__init__(_Transaction(parent), parent._pool_init_lock)  # noqa: SLF001
        self._parent = parent

    async def __aenter__(self) -> Any:
        self._lent = await self._parent.lend()
        try:
            self.client._connection = self._lent.connection  # noqa: SLF001
            with away_is_unavailable():
                await self.client.begin()
        except BaseException:
            # Tortoise would keep the connection for ever.
            await self._give_back()
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            with away_is_unavailable():
                await self._end(exc_type)
        finally:
            # Tortoise does this last, and not at all if a dying connection cannot be given back:
            # the task would keep its dead transaction for ever.
            get_connections().reset(self.token)
            await self._give_back()

    async def _end(self, exc_type: Any) -> None:
        if self.client._finalized:  # noqa: SLF001
            return
        if exc_type is None:
            await self.client.commit()
        elif exc_type is not TransactionManagementError:  # which has ended it already
            await self.client.rollback()

    async def _give_back(self) -> None:
        self._parent.watch.begin(self._lent.connection)
        try:
            await self._lent.give_back()
        finally:
            self._parent.watch.end(self._lent.connection, answered=False)


class ServiceClient(_TranslatesOutages, AsyncpgDBClient):
    """Waits a bounded time for a connection and raises Unavailable when there is none.

    Args:
        request_timeout: Seconds that a request waits for connections before it is turned away, with
            all its statements inside one :func:`~contactsvc.platform.database.pool.one_wait`, and
            what the watch for a silent PostgreSQL goes by; None is a command, which is patient.
    """

    def __init__(
        self,
        *args: Any,
        port: int | list[int],
        request_timeout: float | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.port: Any = port  # Tortoise would have one, asyncpg takes one for each host
        self._patience = request_timeout or PATIENCE
        self.watch: Watch | NoWatch = NoWatch()
        if request_timeout is not None:
            self.watch = Watch(self._options, self._renew_pool, request_timeout)
        self.pooler = Pooler(self._options, self.acquire_connection)
        # asyncpg's pool serves those who have just come before those who wait.
        self._turns = asyncio.Semaphore(self.pool_maxsize)
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

    async def lend(self) -> _Lent:
        """Take a connection out of the pool.

        Raises:
            Unavailable: There is none in time, or PostgreSQL is known to be away.
        """
        with connecting():
            left = time_left(self._patience)
            if self.watch.is_away or (not left and self._turns.locked()):
                raise Unavailable(AWAY)
            with waiting():
                async with asyncio.timeout(left):
                    return await self._lend_in_turn()

    async def _lend_in_turn(self) -> _Lent:
        await self._turns.acquire()
        try:
            if self._pool is None:
                async with self._pool_init_lock:
                    if self._pool is None:
                        await self.create_connection(with_db=True)
            pool = self._pool
            return _Lent(pool, await acquire(pool), self._turns)
        except BaseException:
            self._turns.release()
            raise

    def acquire_connection(self) -> PoolConnectionWrapper[asyncpg.Connection]:
        """Return a context that holds one connection of the pool."""
        return _Acquired(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContextPooled:
        return _TransactionContext(self)

    def _options(self) -> dict[str, Any]:
        """Return the arguments of ``asyncpg.connect``."""
        of_pools = ("min_size", "max_size", "connection_class", "loop")
        options = {name: self._template[name] for name in self._template if name not in of_pools}
        return options | {"password": self.password}

    def _renew_pool(self) -> None:
        """Let whoever asks next make a new pool; connections in use may finish their work."""
        pool, self._pool = self._pool, None
        if pool is not None:
            task = asyncio.create_task(_retire(pool, PATIENCE), name="retire a pool")
            self._retiring.add(task)
            task.add_done_callback(self._retiring.discard)

    async def _close(self) -> None:
        self._closed = True
        await self.watch.stop()
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        pool, self._pool = self._pool, None
        if pool is not None:
            await _retire(pool, self._patience)


async def _retire(pool: asyncpg.Pool, patience: float) -> None:
    """Close a pool; a PostgreSQL that is silent is not waited for."""
    with suppress(*AWAY_ERRORS):
        async with asyncio.timeout(patience):
            await pool.close()  # terminates what it cannot close


client_class = ServiceClient


def _drop_values(record: logging.LogRecord) -> bool:
    """Let Tortoise log statements but not their values: people's data, and what they mistype."""
    if isinstance(record.args, tuple) and len(record.args) > 1:
        record.args = (record.args[0], "(values not logged)")
    return True


logging.getLogger("tortoise.db_client").addFilter(_drop_values)
