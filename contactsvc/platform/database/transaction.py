"""Transactions of Tortoise's asyncpg client, whose connection may die at any moment."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import asyncpg
from tortoise.backends.asyncpg.client import TransactionWrapper
from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

from contactsvc.platform.database.faults import away_is_unavailable
from contactsvc.platform.database.statements import SendsStatements
from contactsvc.platform.database.watch import NoWatch, Watch

if TYPE_CHECKING:
    from contactsvc.platform.database.client import ServiceClient


class _Statement(ConnectionWrapper[asyncpg.Connection]):
    """Acquires the connection of a transaction for one statement."""

    client: "_Transaction"

    async def __aenter__(self) -> asyncpg.Connection:
        connection = await super().__aenter__()
        self.client.watch.begin(connection)
        return connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        self.client.watch.end(self.connection, answered=exc_type is None)
        await super().__aexit__(exc_type, exc_val, exc_tb)


class _Transaction(SendsStatements, TransactionWrapper):
    """A transaction of the task that has begun it; statements of other tasks go to the pool.

    A task that is begun inside inherits the context, and with it this client. It may go on when
    the connection is somebody else's.
    """

    _parent: "ServiceClient | _Transaction"

    def __init__(self, parent: "ServiceClient | _Transaction") -> None:
        super().__init__(parent)
        self.root: ServiceClient = parent.root if isinstance(parent, _Transaction) else parent
        self.failure: BaseException | None = None
        self._task = asyncio.current_task()

    @property
    def watch(self) -> Watch | NoWatch:
        return self._parent.watch

    def acquire_connection(self) -> Any:
        return self._statement() if self._is_ours() else self.root.acquire_connection()

    def _in_transaction(self) -> TransactionContext:
        if self._is_ours():
            return _Savepoint(_Transaction(self))
        return self.root._in_transaction()  # noqa: SLF001

    def _is_ours(self) -> bool:
        return asyncio.current_task() is self._task

    def _statement(self) -> _Statement:
        return _Statement(self._lock, self)

    async def _translate_exceptions(
        self, func: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any
    ) -> Any:
        try:
            return await super()._translate_exceptions(func, *args, **kwargs)
        except BaseException as error:
            if self._is_ours():
                self.failure = error
            raise

    # A savepoint is begun and ended by way of these, too.

    async def begin(self) -> None:
        async with self._statement():
            await super().begin()

    async def commit(self) -> None:
        async with self._statement():
            await super().commit()

    async def rollback(self) -> None:
        async with self._statement():
            await super().rollback()


class _Savepoint(NestedTransactionContext):
    client: _Transaction

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        with away_is_unavailable():
            await super().__aexit__(exc_type, exc_val, exc_tb)
        if exc_type is not None and self.client._finalized:  # noqa: SLF001
            self.client._parent.failure = None  # type: ignore[union-attr]  # noqa: SLF001


class PooledTransaction(TransactionContextPooled):
    """Holds a connection of the pool for one transaction."""

    client: _Transaction

    def __init__(self, parent: "ServiceClient") -> None:
        super().__init__(_Transaction(parent), parent._pool_init_lock)  # noqa: SLF001
        self._parent = parent

    async def __aenter__(self) -> Any:
        """Acquire a connection and begin the transaction.

        Raises:
            Unavailable: There is no connection in time, or PostgreSQL is away.
        """
        self._pooled = await self._parent.acquire()
        try:
            self.client._connection = self._pooled.connection  # noqa: SLF001
            with away_is_unavailable():
                await self.client.begin()
        except BaseException:
            # Tortoise would keep the connection for ever.
            await self._release(answered=False)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        """Commit, or roll back if an error leaves the block.

        Raises:
            TransactionManagementError: A statement inside has failed, and its error was caught.
            Unavailable: PostgreSQL is away; nobody knows whether a commit has been done.
        """
        answered = False
        try:
            with away_is_unavailable():
                await self._end(exc_type)
            answered = True
        finally:
            # Tortoise does this last, and not at all if a dying connection cannot be released:
            # the task would keep its dead transaction for ever.
            get_connections().reset(self.token)
            await self._release(answered=answered)

    async def _end(self, exc_type: Any) -> None:
        if self.client._finalized:  # noqa: SLF001
            return
        failure = self.client.failure
        if exc_type is None and failure is None:
            await self.client.commit()
        elif exc_type is None:
            # PostgreSQL answers a COMMIT by a rollback then, which asyncpg tells nobody.
            await self.client.rollback()
            raise TransactionManagementError("A statement in it has failed.") from failure
        elif exc_type is not TransactionManagementError:  # which has ended it already
            await self.client.rollback()

    async def _release(self, *, answered: bool) -> None:
        self._parent.watch.begin(self._pooled.connection)
        try:
            await self._pooled.release(answered=answered)
        finally:
            self._parent.watch.end(self._pooled.connection, answered=False)
