"""Bounds how much is under way at once, in all and for each who asks for it."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

from contactsvc.platform.errors import Unavailable


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
            raise Unavailable("Too much of this is under way; try again soon.")
        self._admitted[key] += 1
        try:
            yield
        finally:
            self._admitted[key] -= 1
            if not self._admitted[key]:
                del self._admitted[key]
