"""The only clock: everything that asks for the time asks here."""

import zoneinfo
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Final

_NOT_OF_A_PLACE: Final = frozenset({"localtime", "Factory"})


def now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


def today(zone: tzinfo = UTC) -> date:
    """Return the current date as a calendar in ``zone`` shows it."""
    return now().astimezone(zone).date()


@cache
def time_zones() -> frozenset[str]:
    """Return the names of all time zones of places, as the IANA database of this machine has them.

    They are looked up once a process: to look opens each of some 600 files.
    """
    return frozenset(zoneinfo.available_timezones() - _NOT_OF_A_PLACE)
