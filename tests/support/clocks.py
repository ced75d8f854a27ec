"""Clocks that a test sets, so that nobody sleeps for ten seconds or ninety days."""

import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from contactsvc.platform import clock
from contactsvc.platform.redis import circuit_breaker, process_counts
from contactsvc.platform.redis.circuit_breaker import RESET_TIMEOUT
from contactsvc.platform.redis.connection import Client


class _AnyDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, datetime)


class Clock:
    """The whole service's clock, PyJWT's included. It stands still until it is moved.

    Redis has a clock of its own, which goes on as ever.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        # Whole seconds, as tokens know no others.
        self.moment = datetime.now(UTC).replace(microsecond=0)
        real = clock.now
        for name, module in list(sys.modules.items()):
            if name.startswith("contactsvc.") and getattr(module, "now", None) is real:
                patch.setattr(module, "now", self.now)

        class Datetime(datetime, metaclass=_AnyDatetime):
            @staticmethod
            def now(tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
                return self.moment.astimezone(tz)

        patch.setattr("jwt.api_jwt.datetime", Datetime)

    def now(self) -> datetime:
        return self.moment

    def move(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class MonotonicClock:
    """The clock of what is counted and remembered in the process. It stands still, too."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        for module in (circuit_breaker, process_counts):
            patch.setattr(module, "time", self)

    def monotonic(self) -> float:
        return self.now


async def let_time_pass(redis: Client, seconds: float) -> None:
    """Make every key of a Redis, whose clock nobody can set, older by so many seconds.

    What would have ended by then is gone. Negative seconds make the keys younger.
    """
    for key in [key async for key in redis.scan_iter()]:
        left = await redis.pttl(key)
        if left >= 0:
            await redis.pexpire(key, left - round(1000 * seconds))


class BreakerClock:
    """The clock of the circuit breakers for Redis. It stands still until it is moved."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._seconds = time.monotonic()
        patch.setattr("contactsvc.platform.redis.circuit_breaker.time", self)

    def monotonic(self) -> float:
        return self._seconds

    def close_breakers(self) -> None:
        """Let the reset timeout of every breaker pass."""
        self._seconds += RESET_TIMEOUT
