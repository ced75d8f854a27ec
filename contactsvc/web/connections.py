"""Limits the number of open connections of a process, and the memory of unfinished requests."""

import logging
from typing import Final, Protocol

logger = logging.getLogger(__name__)

MAX_PENDING: Final = 8 * 1024 * 1024
"""Bytes of unfinished requests on all connections of a process together.

aiohttp's parser keeps each header as bytes and as text, so the memory is twice that.
"""


class OpenConnection(Protocol):
    """What Connections needs to know of a connection."""

    @property
    def idle(self) -> bool:
        """Whether none of its requests is being answered."""

    @property
    def idle_since(self) -> float:
        """When it became idle, in seconds of any clock; meaningless unless it is idle."""

    def abort(self) -> None:
        """Close the connection at once."""


class Connections:
    """The open connections of one process.

    Args:
        max_open: The most connections at a time.
        max_pending: The most bytes of unfinished requests, on all connections together.
    """

    def __init__(self, max_open: int, max_pending: int = MAX_PENDING) -> None:
        self.max_open = max_open
        self._max_pending = max_pending
        self._pending = 0
        self._open: dict[OpenConnection, int] = {}
        self._is_full = False

    def admit(self, connection: OpenConnection) -> bool:
        """Add a connection, and return whether there is room for it.

        At the limit, the connection that has been idle longest is closed to make room. So a client
        that opens many and sends nothing, or sends slowly, keeps nobody else out.
        """
        if len(self._open) < self.max_open:
            self._is_full = False
        elif longest := min(
            (each for each in self._open if each.idle),
            key=lambda each: each.idle_since,
            default=None,
        ):
            self._end(longest)
        else:
            if not self._is_full:
                logger.warning("MAX_CONNECTIONS, %d, are busy: new ones are closed.", self.max_open)
            self._is_full = True
            return False
        self._open[connection] = 0
        return True

    def remove(self, connection: OpenConnection) -> None:
        """Forget a connection that is closed."""
        self._pending -= self._open.pop(connection, 0)

    def set_pending(self, connection: OpenConnection, size: int) -> None:
        """Set how many bytes of unfinished requests a connection holds.

        While all connections together hold too many, the one that holds most is closed.
        """
        if connection not in self._open:
            return
        self._pending += size - self._open[connection]
        self._open[connection] = size
        while self._pending > self._max_pending:
            self._end(max(self._open, key=self._open.__getitem__))

    def _end(self, connection: OpenConnection) -> None:
        self.remove(connection)
        connection.abort()
