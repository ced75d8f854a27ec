"""Statements that go to asyncpg as they are; errors are Tortoise's, and the service's for outages.

Tortoise's own calls look at the text of each statement and copy each row into a dict.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from typing import Any, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.context import require_context

from contactsvc.platform.database.faults import away_is_unavailable

Values = Sequence[Any]
"""The values of a statement; the first one is ``$1``."""


class SendsStatements:
    """A client that raises Unavailable where PostgreSQL is away."""

    async def fetch(self, sql: str, values: Values) -> list[asyncpg.Record]:
        """Run a statement and return its rows.

        Raises:
            OperationalError: PostgreSQL refuses the statement or a value.
            IntegrityError: A constraint forbids it.
            Unavailable: PostgreSQL is away.
        """
        records: list[asyncpg.Record] = await self._translate_exceptions(_fetch, sql, values)
        return records

    async def fetch_parts(
        self, sql: str, values: Values, size: int
    ) -> AsyncIterator[list[asyncpg.Record]]:
        """Run a statement in the open transaction and yield its rows, some at a time.

        It is one round trip for each part, and one more. Errors are those of :meth:`fetch`.

        Args:
            sql: The statement.
            values: Its values.
            size: Rows of a part at the most.
        """
        rows = await self._translate_exceptions(_cursor, sql, values, size)
        while part := await self._translate_exceptions(_part, rows, size):
            yield part

    async def fetch_for_each(self, sql: str, runs: Sequence[Values]) -> list[asyncpg.Record]:
        """Run a statement several times in one transaction, and return the rows of all runs.

        It is one round trip and one commit. Errors are those of :meth:`fetch`, and undo all runs.
        """
        records: list[asyncpg.Record] = await self._translate_exceptions(_fetch_for_each, sql, runs)
        return records

    async def copy(self, table: str, columns: Sequence[str], rows: bytes) -> None:
        """Add many rows by COPY, in a third of the time that INSERT takes.

        Args:
            table: The table.
            columns: The names of the columns that are given; others take their default.
            rows: The rows as ``binary_copy`` makes them, with the columns in this order.

        Raises:
            OperationalError: PostgreSQL refuses a value.
            IntegrityError: A constraint forbids it.
            Unavailable: PostgreSQL is away.
        """
        await self._translate_exceptions(_copy, table, columns, rows)

    async def _translate_exceptions(
        self, func: Callable[..., Coroutine[Any, Any, Any]], *args: Any, **kwargs: Any
    ) -> Any:
        with away_is_unavailable():
            return await super()._translate_exceptions(func, *args, **kwargs)  # type: ignore[misc]


async def _fetch(client: AsyncpgDBClient, sql: str, values: Values) -> Any:
    async with client.acquire_connection() as connection:
        client.log.debug("%s: %s", sql, values)
        return await connection.fetch(sql, *values)


async def _cursor(client: AsyncpgDBClient, sql: str, values: Values, size: int) -> Any:
    async with client.acquire_connection() as connection:
        client.log.debug("%s: %s", sql, values)
        return aiter(connection.cursor(sql, *values, prefetch=size))


async def _part(client: AsyncpgDBClient, rows: AsyncIterator[Any], size: int) -> Any:
    part = []
    async with client.acquire_connection():
        async for row in rows:
            part.append(row)
            if len(part) == size:
                break
    return part


async def _fetch_for_each(client: AsyncpgDBClient, sql: str, runs: Sequence[Values]) -> Any:
    async with client.acquire_connection() as connection:
        client.log.debug("%s: %s", sql, runs)
        return await connection.fetchmany(sql, runs)


async def _copy(client: AsyncpgDBClient, table: str, columns: Sequence[str], rows: bytes) -> None:
    async with client.acquire_connection() as connection:
        client.log.debug("%s: %s", f"COPY {table}", columns)
        # Bytes by themselves would be the name of a file.
        await connection.copy_to_table(table, source=_once(rows), columns=columns, format="binary")


async def _once(rows: bytes) -> AsyncIterator[bytes]:
    yield rows


def current_client() -> SendsStatements:
    """Return the client of this task: its transaction where it is in one, or else the pool's."""
    return cast(SendsStatements, require_context().connections.get("default"))
