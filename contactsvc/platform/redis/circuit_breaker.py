"""A circuit breaker for Redis: after a failure, requests go on without it instead of waiting."""

import logging
import time
from collections import defaultdict
from typing import Final

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import Client

logger = logging.getLogger(__name__)

RESET_TIMEOUT: Final = 1.0
"""Seconds that a breaker stays open after a failure; no request asks Redis meanwhile."""


class CircuitBreaker:
    """Closed until Redis fails, then open for RESET_TIMEOUT seconds."""

    def __init__(self) -> None:
        self._open_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether Redis has failed so recently that it must not be asked."""
        return time.monotonic() < self._open_until

    def trip(self, error: Exception) -> None:
        """Open for RESET_TIMEOUT seconds from now, and log the kind of ``error``.

        Args:
            error: What Redis failed with. Its message is not logged: it may show the URL.
        """
        self._open_until = time.monotonic() + RESET_TIMEOUT
        logger.warning("Redis does not answer: %s", type(error).__name__)


class CircuitBreakers:
    """One breaker for a single Redis, or one for each node of a Cluster.

    Args:
        redis: The client; None where no Redis is used, which needs only the one breaker.
    """

    def __init__(self, redis: Client | None) -> None:
        self._cluster = redis if isinstance(redis, Cluster) else None
        self._breakers: defaultdict[str, CircuitBreaker] = defaultdict(CircuitBreaker)

    def of(self, key: str) -> CircuitBreaker:
        """Return the breaker of the server that holds ``key`` at the moment."""
        return self._breakers[self._cluster.node_of(key) if self._cluster else ""]
