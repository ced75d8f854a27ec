"""Bounds how much is under way at once, in all and for each who asks for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from contactsvc.platform.errors import Unavailable

_BUSY: Final = "Too much of this is under way; try again soon."


class Admission:
    """Admits so many at a time in one process, and turns the others away.

    Args:
        most: How many are admitted at a time.
        most_of_one: How many of them for the same key.
    """

    def __init__(self, most: int, most_of_one: int) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._admitted: Counter[Hashable] = Counter()

    @contextmanager
    def admit(self, key: Hashable) -> Iterator[None]:
        """Take a place until the block is left.

        Args:
            key: Whoever asks.

        Raises:
            Unavailable: There is no place.
        """
        if self._admitted[key] >= self._most_of_one or self._admitted.total() >= self._most:
            raise Unavailable(_BUSY)
        self._admitted[key] += 1
        try:
            yield
        finally:
            self._admitted[key] -= 1
            if not self._admitted[key]:
                del self._admitted[key]


class Queue:
    """Lets so many work at a time in one process; the others wait, and come in their order.

    Args:
        most: How many work at a time.
        timeout: Seconds for which each waits.
    """

    def __init__(self, most: int, timeout: float) -> None:
        self.most = most
        self.timeout = timeout
        self._places = asyncio.Semaphore(most)
        self._waiting = 0

    def has_waiting(self) -> bool:
        """Return whether somebody waits for a place."""
        return self._waiting > 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place, and take it until the block is left.

        Raises:
            Unavailable: None has become free in time.
        """
        try:
            self._waiting += 1
            async with asyncio.timeout(self.timeout):
                await self._places.acquire()
        except TimeoutError as error:
            raise Unavailable(_BUSY) from error
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()
