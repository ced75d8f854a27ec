"""Bounds how much is under way at once, in all and for each who asks for it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final
from weakref import WeakValueDictionary

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

    @property
    def waiting(self) -> int:
        """How many wait for a place."""
        return self._waiting

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


class Queues:
    """Lets so many of each key work at a time in one process; others of it wait, up to a number.

    Args:
        most: How many of the same key work at a time.
        most_waiting: How many more of it wait; whoever comes then is turned away.
        timeout: Seconds for which each waits.
    """

    def __init__(self, most: int, most_waiting: int, timeout: float) -> None:
        self._most = most
        self._most_waiting = most_waiting
        self._timeout = timeout
        self._queues: WeakValueDictionary[Hashable, Queue] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, key: Hashable) -> AsyncIterator[None]:
        """Wait for a place of the key, and take it until the block is left.

        Args:
            key: Whoever asks.

        Raises:
            Unavailable: Too many of the key wait already, or none has become free in time.
        """
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = Queue(self._most, self._timeout)
        if queue.waiting >= self._most_waiting:
            raise Unavailable(_BUSY)
        async with queue.turn():
            yield
