"""A clock that a test sets, so that nobody sleeps for ten seconds or ninety days."""

import sys
import time
from datetime import UTC, datetime, timedelta, tzinfo

import pytest

from contactsvc import clock
from contactsvc.cache.pause import PAUSE


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


class PauseClock:
    """The clock of the pause in which a failed Redis is not asked. It stands still."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._seconds = time.monotonic()
        patch.setattr("contactsvc.cache.pause.time", self)

    def monotonic(self) -> float:
        return self._seconds

    def end_pause(self) -> None:
        """Let every pause be over."""
        self._seconds += PAUSE
