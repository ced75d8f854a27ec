"""Tortoise's asyncpg client, taught to say in the service's words that PostgreSQL is away.

Tortoise finds it by the name ``client_class`` in the module that the configuration calls engine.
"""

import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import PoolConnectionWrapper, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from contactsvc.errors import Unavailable

ACQUIRE_TIMEOUT: Final = 2.0
"""Seconds that a request waits for a free connection before it is turned away."""

_AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # it does not take connections just now
    asyncpg.TransactionRollbackError,  # a deadlock, say, that took this one back
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.ReadOnlySQLTransactionError,
)


@contextmanager
def away_is_unavailable() -> Iterator[None]:
    """Turn what a lost, overloaded or restarting PostgreSQL raises into Unavailable."""
    try:
        yield
    except _AWAY as error:
        raise Unavailable("The database is away; try again soon.") from error


class _TranslatesOutages:
    async def _translate_exceptions(
        self, func: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any
    ) -> Any:
        with away_is_unavailable():
            return await super()._translate_exceptions(func, *args, **kwargs)  # type: ignore[misc]


class _Transaction(_TranslatesOutages, TransactionWrapper):
    pass


async def _give_back(pool: asyncpg.Pool | None, connection: asyncpg.Connection) -> None:
    """Return a connection; one that dies just then has done its work and is nobody's concern."""
    with suppress(*_AWAY):
        if pool is not None:  # it is None once the pool has been closed
            await pool.release(connection)


class _Acquired(PoolConnectionWrapper[asyncpg.Connection]):
    async def __aenter__(self) -> asyncpg.Connection:
        with away_is_unavailable():
            await self.ensure_connection()
            pool = self.client._pool  # noqa: SLF001
            self.connection = await pool.acquire(timeout=ACQUIRE_TIMEOUT)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        await _give_back(self.client._pool, self.connection)  # noqa: SLF001


class _TransactionContext(TransactionContextPooled):
    async def __aenter__(self) -> Any:
        with away_is_unavailable():
            await self.ensure_connection()
            pool = self.client._parent._pool  # noqa: SLF001
            connection = await pool.acquire(timeout=ACQUIRE_TIMEOUT)
            try:
                self.client._connection = connection  # noqa: SLF001
                await self.client.begin()
            except BaseException:
                # Tortoise would keep the connection for ever.
                await pool.release(connection)
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
            await _give_back(self.client._parent._pool, self.client._connection)  # noqa: SLF001

    async def _end(self, exc_type: Any) -> None:
        if self.client._finalized:  # noqa: SLF001
            return
        if exc_type is None:
            await self.client.commit()
        elif exc_type is not TransactionManagementError:  # which has ended it already
            await self.client.rollback()


class ServiceClient(_TranslatesOutages, AsyncpgDBClient):
    """Waits a bounded time for a connection and raises Unavailable when there is none."""

    def acquire_connection(self) -> PoolConnectionWrapper[asyncpg.Connection]:
        """Return a context that holds one connection of the pool."""
        return _Acquired(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContextPooled:
        return _TransactionContext(_Transaction(self), self._pool_init_lock)


client_class = ServiceClient


def _drop_values(record: logging.LogRecord) -> bool:
    """Let Tortoise log statements but not their values: people's data, and what they mistype."""
    if isinstance(record.args, tuple) and len(record.args) > 1:
        record.args = (record.args[0], "(values not logged)")
    return True


logging.getLogger("tortoise.db_client").addFilter(_drop_values)
