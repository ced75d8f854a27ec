"""Places for large uploads: those that take their time keep nobody out for long."""

import asyncio
from collections.abc import AsyncIterator, Hashable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from contactsvc.platform.errors import Unavailable

GRACE: Final = 60.0
"""Seconds for which nobody takes the place of an upload: 50 MiB come by seven megabits in each."""


class Slot:
    """The place of one upload.

    Args:
        key: Whose it is.
    """

    def __init__(self, key: Hashable) -> None:
        self.key = key
        self.since = asyncio.get_running_loop().time()
        self._arrival: asyncio.Timeout | None = None
        self._is_taken = False

    @property
    def may_be_taken(self) -> bool:
        """Whether it is still arriving after GRACE."""
        late = asyncio.get_running_loop().time() - self.since >= GRACE
        return late and self._arrival is not None

    def take_away(self) -> None:
        """End the upload."""
        self._is_taken = True
        if self._arrival is not None:
            self._arrival.reschedule(asyncio.get_running_loop().time())

    @asynccontextmanager
    async def arriving(self) -> AsyncIterator[None]:
        """Receive the upload inside; what has arrived is not ended by anybody.

        Raises:
            Unavailable: Another upload has taken the place.
        """
        try:
            async with asyncio.timeout(None) as self._arrival:
                yield
        except TimeoutError as error:
            raise self._gone() from error
        finally:
            self._arrival = None
        if self._is_taken:
            raise self._gone()

    @staticmethod
    def _gone() -> Unavailable:
        return Unavailable("The body came slowly, and others needed its place; try again.")


class UploadSlots:
    """Admits so many uploads at a time in one process, and one for each key.

    What has arrived keeps its place until it is done with, so this also bounds what lies on the
    disk. Where there is no place, the upload that has been arriving longest makes room, but not
    within GRACE: so a line that is slow, or dead, has all the time that nobody else needs.

    Args:
        most: How many are admitted at a time.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._slots: list[Slot] = []

    def __len__(self) -> int:
        """Return how many places are taken."""
        return len(self._slots)

    @contextmanager
    def admit(self, key: Hashable) -> Iterator[Slot]:
        """Take a place until the block is left.

        Args:
            key: Whose upload it is.

        Raises:
            Unavailable: There is no place.
        """
        if rivals := [slot for slot in self._slots if slot.key == key]:
            self._make_room(
                rivals, "Another upload of yours is under way; try again once it is done."
            )
        elif len(self._slots) >= self.most:
            self._make_room(self._slots, "Too many uploads are under way; try again soon.")
        slot = Slot(key)
        self._slots.append(slot)
        try:
            yield slot
        finally:
            if slot in self._slots:
                self._slots.remove(slot)

    def _make_room(self, rivals: list[Slot], detail: str) -> None:
        slow = [slot for slot in rivals if slot.may_be_taken]
        if not slow:
            raise Unavailable(detail)
        longest = min(slow, key=lambda slot: slot.since)
        self._slots.remove(longest)
        longest.take_away()
