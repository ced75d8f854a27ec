"""Remembers that Redis has just failed to answer, so that not every request waits for it."""

import logging
import time
from collections import defaultdict
from typing import Final

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import Client

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


class Pauses:
    """One pause for all of Redis; of a Cluster, one for each node.

    Args:
        redis: The client; None is none at all.
    """

    def __init__(self, redis: Client | None) -> None:
        self._cluster = redis if isinstance(redis, Cluster) else None
        self._pauses: defaultdict[str, Pause] = defaultdict(Pause)

    def of(self, key: str) -> Pause:
        """Return the pause of whichever server holds a key now."""
        return self._pauses[self._cluster.node_of(key) if self._cluster else ""]
