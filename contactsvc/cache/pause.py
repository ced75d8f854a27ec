"""Remembers that Redis has just failed to answer, so that not every request waits for it."""

import logging
import time
from typing import Final

logger = logging.getLogger(__name__)

PAUSE: Final = 1.0
"""Seconds in which no request asks a Redis that has just failed to answer."""


class Pause:
    """Off, until it begins; off again after PAUSE seconds."""

    def __init__(self) -> None:
        self._until = 0.0

    @property
    def is_on(self) -> bool:
        """Whether Redis is not to be asked now."""
        return time.monotonic() < self._until

    def begin(self, error: Exception) -> None:
        """Leave Redis alone for a moment, because of ``error``."""
        self._until = time.monotonic() + PAUSE
        logger.warning("Redis does not answer: %s", type(error).__name__)
