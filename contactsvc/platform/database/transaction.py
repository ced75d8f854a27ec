"""Transactions of Tortoise's asyncpg client, whose connection may die at any moment."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from contactsvc.platform.database.faults import away_is_unavailable
from contactsvc.platform.database.watch import NoWatch, Watch

if TYPE_CHECKING:
    from contactsvc.platform.database.client import ServiceClient


class TranslatesOutages:
    """A client that raises Unavailable where PostgreSQL is away."""

    async def _translate_exceptions(
        self, func: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any
    ) -> Any:
        with away_is_unavailable():
            return await super()._translate_exceptions(func, *args, **kwargs)  # type: ignore[misc]


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


class _Transaction(TranslatesOutages, TransactionWrapper):
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


class PooledTransaction(TransactionContextPooled):
    """Holds a connection of the pool for one transaction."""

    def __init__(self, parent: "ServiceClient") -> None:
        super().__init__(_Transaction(parent), parent._pool_init_lock)  # noqa: SLF001
        self._parent = parent

    async def __aenter__(self) -> Any:
        """Begin it.

        Raises:
            Unavailable: There is no connection in time, or PostgreSQL is away.
        """
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
        """Commit, or take back where an error leaves it.

        Raises:
            Unavailable: PostgreSQL is away; nobody knows whether a commit has been done.
        """
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
