"""The many forms of a date in a vCard, and the two that contacts have."""

import re
from datetime import date
from typing import Final

OMITTED_YEAR: Final = "1604"
"""What Apple writes for a year that is unknown; a leap year, so that every day is in it."""

_DATE: Final = re.compile(
    r"(?:(\d{4})-?(\d\d)-?(\d\d)|(\d{4})-(\d\d?)-(\d\d?)|--(\d\d)-?(\d\d))", re.ASCII
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME: Final = re.compile(r"[T ].{0,40}")


def read_date(text: str, omitted_year: str = "") -> str | None:
    """Return a date as ``YYYY-MM-DD``, or ``--MM-DD`` without a year; None if it tells no day.

    The time of a date-time is left out, and a time zone changes nothing: it is the day that
    somebody wrote down.

    Args:
        text: A date or date-time (RFC 6350, 4.3; RFC 2426, 4), in basic or extended form.
        omitted_year: The year that stands for none.
    """
    if _DAY.fullmatch(text) and text[:4] != omitted_year:
        return text if _is_day(text) else None
    match = _DATE.match(text)
    if match is None or (match.end() < len(text) and not _TIME.fullmatch(text, match.end())):
        return None
    groups = [group for group in match.groups() if group is not None]
    year = groups[0] if groups[2:] else None
    month, day = groups[-2:]
    if year == omitted_year:
        year = None
    try:
        found = date(int(year or OMITTED_YEAR), int(month), int(day))
    except ValueError:
        return None
    return found.isoformat() if year else f"--{found:%m-%d}"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_plain(text: str) -> bool:
    """Return whether a text is a date as :func:`read_date` returns it."""
    return read_date(text) == text
