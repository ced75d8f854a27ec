"""A test's connection to PostgreSQL, made when the test needs one that nobody else uses.

Most tests only read or write a row or two. The connection that empties the tables does that as
well, and a connection costs as much as a short test.
"""

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import pytest

from tests.support import lanes
from tests.support.shared_service import SharedDatabase

_STATELESS: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
_OF_SESSION: Final = re.compile(r";|\bpg_|\bset_config|\bcurrval|\blastval", re.IGNORECASE)
"""Several statements at once, and what reads or changes a session: its locks, pid or settings."""


def is_stateless(query: str) -> bool:
    """Return whether a statement means the same in any session and leaves nothing in it."""
    return _STATELESS.match(query) is not None and _OF_SESSION.search(query) is None


class LazyConnection:
    """What tests use of :class:`asyncpg.Connection`.

    Stateless statements are sent over the shared connection. The first one of another kind, and a
    transaction, open a connection of the test's own; from then on everything is sent over that.

    Args:
        shared: The connection that all tests of the process share.
        url: Of its database.
    """

    def __init__(self, shared: SharedDatabase, url: str) -> None:
        self._shared = shared
        self._url = url
        self._own: asyncpg.Connection | None = None

    async def execute(self, query: str, *args: Any, **options: Any) -> str:
        status: str = await self._send("execute", query, *args, **options)
        return status

    async def executemany(self, query: str, args: Iterable[Any], **options: Any) -> None:
        await self._send("executemany", query, args, **options)

    async def fetch(self, query: str, *args: Any, **options: Any) -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await self._send("fetch", query, *args, **options)
        return rows

    async def fetchrow(self, query: str, *args: Any, **options: Any) -> asyncpg.Record | None:
        row: asyncpg.Record | None = await self._send("fetchrow", query, *args, **options)
        return row

    async def fetchval(self, query: str, *args: Any, **options: Any) -> Any:
        return await self._send("fetchval", query, *args, **options)

    @asynccontextmanager
    async def transaction(self, **options: Any) -> AsyncIterator[None]:
        connection = await self.opened()
        async with connection.transaction(**options):
            yield

    async def opened(self) -> asyncpg.Connection:
        """Return the test's own connection, for what only that can do."""
        if self._own is None:
            self._own = await asyncpg.connect(self._url)
        return self._own

    def __getattr__(self, name: str) -> Any:
        """Return what else a connection has, once it is open."""
        if self._own is None:
            raise AttributeError(f"opened() has to be awaited before {name} is used")
        return getattr(self._own, name)

    async def close(self) -> None:
        """Close the test's own connection, if there is one."""
        if self._own is not None:
            await self._own.close()

    async def _send(self, method: str, query: str, *args: Any, **options: Any) -> Any:
        if self._own is None and is_stateless(query):
            return await self._shared.send(
                lambda connection: getattr(connection, method)(query, *args, **options)
            )
        return await getattr(await self.opened(), method)(query, *args, **options)


@pytest.fixture
async def pg(
    postgres_url: str,
    empty_tables: None,
    shared_database: SharedDatabase,
    request: pytest.FixtureRequest,
) -> AsyncIterator[LazyConnection]:
    """A connection to a database with empty tables.

    It is the test's own from the start where the test takes engines away or starts processes.
    """
    connection = LazyConnection(shared_database, postgres_url)
    if lanes.is_marked(request.node):
        await connection.opened()
    try:
        yield connection
    finally:
        await connection.close()
