"""Reads pending invalidations on a connection of its own, which no busy pool delays."""

import asyncio
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import asyncpg

from contactsvc.platform.database.connection import connect_options
from contactsvc.platform.database.faults import away_is_unavailable, connecting

CONNECT_TIMEOUT: Final = 2.0
"""Seconds that connecting to PostgreSQL may take."""

ANSWER_TIMEOUT: Final = 0.75
"""Seconds to wait for an answer; the lease would have expired by then."""

LIMIT: Final = 1000
"""Rows that are read at a time."""

_READ: Final = f"""
SELECT id, user_id, version, session_id FROM pending_invalidations
WHERE expires_at > now() ORDER BY id LIMIT {LIMIT}
"""  # noqa: S608 - a number of ours

# Ids are given as text: for an array asyncpg would have to ask for its type first.
_REMOVE: Final = """
DELETE FROM pending_invalidations WHERE id = ANY(string_to_array($1, ' ')::bigint[])
"""


class Pending(NamedTuple):
    """A pending invalidation: of a session where session_id is set, else of a user's copies."""

    id: int
    user_id: int
    version: int | None
    session_id: int | None


class PendingInvalidations:
    """The pending invalidations in one database.

    Args:
        url: URL of the database.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()

    async def read(self) -> list[Pending]:
        """Return the oldest pending invalidations, up to LIMIT.

        Raises:
            Unavailable: PostgreSQL does not answer.
        """
        rows = await self._ask("fetch", _READ)
        return [Pending(*row) for row in rows]

    async def remove(self, ids: Iterable[int]) -> None:
        """Remove those that Redis has taken by now.

        Raises:
            Unavailable: PostgreSQL does not answer.
        """
        await self._ask("execute", _REMOVE, " ".join(map(str, ids)))

    def close(self) -> None:
        """Close the connection at once, without waiting for a server that may not answer."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _ask(self, method: str, *arguments: str) -> Any:
        async with self._lock:
            try:
                with away_is_unavailable():
                    return await self._ask_alone(method, *arguments)
            except BaseException:
                self.close()
                raise

    async def _ask_alone(self, method: str, *arguments: str) -> Any:
        if self._connection is None:
            options = connect_options(self._url) | {"timeout": CONNECT_TIMEOUT}
            with connecting():
                self._connection = await asyncpg.connect(**options)
        async with asyncio.timeout(ANSWER_TIMEOUT):
            return await getattr(self._connection, method)(*arguments)
