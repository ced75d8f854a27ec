"""Turns to use a connection: so many at a time, and first come, first served.

In asyncpg's own pool newcomers overtake those who wait. asyncio's semaphore would do, but whoever
ends a turn can give the connection along with it here, which saves to keep it and to take it again.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from contactsvc.platform.database.idle import Idle


class Turns:
    """Counts the turns that are free, and holds those who wait for one.

    Args:
        count: How many may have a turn at a time.
        take_back: Ends a turn whose connection was given to somebody who does not want it any more.
    """

    def __init__(self, count: int, take_back: Callable[[Idle], None]) -> None:
        self._free = count
        self._take_back = take_back
        self._waiting: deque[asyncio.Future[Idle | None]] = deque()

    def locked(self) -> bool:
        """Return whether whoever comes has to wait."""
        return not self._free

    async def acquire(self) -> Idle | None:
        """Wait for a turn; return the connection that comes with it, if one does."""
        if self._free:
            self._free -= 1
            return None
        turn: asyncio.Future[Idle | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            self._leave(turn)
            raise

    def _leave(self, turn: asyncio.Future[Idle | None]) -> None:
        """Wait no longer; a turn that has just come goes on."""
        if turn.cancelled():
            with suppress(ValueError):  # it was skipped
                self._waiting.remove(turn)
        elif connection := turn.result():
            self._take_back(connection)
        else:
            self.release()

    def release(self) -> None:
        """End a turn: the next one who waits has it."""
        if not self._next(None):
            self._free += 1

    def hand_over(self, connection: Idle) -> bool:
        """End a turn, with its connection for the next one who waits; False where nobody does."""
        return self._next(connection)

    def _next(self, connection: Idle | None) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False
