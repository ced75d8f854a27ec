"""Bounds what the open connections of a process cost together, whoever opens them."""

import logging
from typing import Final, Protocol

logger = logging.getLogger(__name__)

MAX_PENDING: Final = 8 * 1024 * 1024
"""Bytes of requests that are not whole yet, of all connections of a process together.

aiohttp's parser keeps each header as bytes and as text, so they take twice that.
"""


class OpenConnection(Protocol):
    """What Connections asks of a connection."""

    @property
    def idle(self) -> bool:
        """Whether no request of it is being answered."""

    @property
    def idle_since(self) -> float:
        """A moment that orders the idle ones; without meaning for others."""

    def abort(self) -> None:
        """Close it at once."""


class Connections:
    """The open connections of one process.

    Args:
        max_open: How many there may be.
        max_pending: Bytes of unfinished header blocks that they may hold together.
    """

    def __init__(self, max_open: int, max_pending: int = MAX_PENDING) -> None:
        self.max_open = max_open
        self._max_pending = max_pending
        self._pending = 0
        self._open: dict[OpenConnection, int] = {}
        self._is_full = False

    def admit(self, connection: OpenConnection) -> bool:
        """Return whether there is room for one more.

        Of those on which nothing is being answered, the one that has waited longest makes room. So
        whoever opens many and sends nothing, or little by little, shuts nobody out.
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
        """Note how many bytes of a request that is not whole a connection holds.

        When all of them hold too much, those that hold most are closed.
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
