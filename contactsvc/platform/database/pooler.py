"""Finds out whether a pooler stands before PostgreSQL that loses prepared statements.

PgBouncer with ``pool_mode=transaction`` gives each transaction another connection, on which a
statement that was prepared before is not known, or known by another client's name. Which request
meets that is chance, so it is looked for once, when the service starts.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

import asyncpg

from contactsvc.platform.database.faults import AWAY_ERRORS, POOLED, away_is_unavailable

TIMEOUT: Final = 1.0
"""Seconds for the repeated statement, which waits in vain where the pooler has one connection."""

_LOST: Final = (asyncpg.InvalidSQLStatementNameError, asyncpg.DuplicatePreparedStatementError)

_STATEMENT: Final = "SELECT 1"

Acquire = Callable[[], AbstractAsyncContextManager[asyncpg.Connection]]


class Pooler:
    """Finds a pooler between this process and PostgreSQL.

    Args:
        options: Returns the arguments of ``asyncpg.connect``.
        acquire: Returns a context that holds a connection.
    """

    def __init__(self, options: Callable[[], dict[str, Any]], acquire: Acquire) -> None:
        self._options = options
        self._acquire = acquire
        self._is_well = False

    async def fault(self) -> str | None:
        """Return why the pooler cannot be used; None where it can, or where there is none.

        Raises:
            Unavailable: The database cannot be reached.
        """
        if self._is_well:
            return None
        with away_is_unavailable():
            loses_statements = await self._is_present() and await self._loses_statements()
        self._is_well = not loses_statements
        return POOLED if loses_statements else None

    async def _is_present(self) -> bool:
        """Return whether the process id from the handshake differs from PostgreSQL's own."""
        async with self._acquire() as connection:
            pid: int = await connection.fetchval("SELECT pg_backend_pid()")
            told: int = connection.get_server_pid()
        return pid != told

    async def _loses_statements(self) -> bool:
        options = self._options()
        if options.get("statement_cache_size") == 0:
            return False
        one, two = await asyncpg.connect(**options), await asyncpg.connect(**options)
        try:
            await one.fetchval(_STATEMENT)  # which asyncpg prepares, and keeps
            await two.execute("BEGIN; SELECT 1")  # on the connection that it was prepared on
            await one.fetchval(_STATEMENT, timeout=TIMEOUT)
        except _LOST:
            return True
        except AWAY_ERRORS:
            return False
        finally:
            one.terminate()
            two.terminate()
        return False
