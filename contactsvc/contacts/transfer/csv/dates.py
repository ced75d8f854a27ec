"""Days as programs write them: ISO 8601, 1.2.1990, 2/1/1990, without a year, and none at all."""

import re
from datetime import date
from typing import Final, NamedTuple

MAX_LENGTH: Final = 40
"""Characters of a day at most."""

_NONE: Final = re.compile(r"[0./\- ]+|.*\b4501\b.*")
"""What Outlook writes where there is no day: 0/0/00, 0.0.00, or a day in the year 4501."""
_TIME: Final = r"(?:[T ,].*)?"
_YEAR_FIRST: Final = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})" + _TIME)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NO_YEAR: Final = re.compile(r"-{0,2}([0-9]{1,2})-([0-9]{1,2})|--([0-9]{2})([0-9]{2})")
_DOTS: Final = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\.(?: ?([0-9]{4}|[0-9]{2}))?" + _TIME)
_SLASHES: Final = re.compile(
    r"([0-9]{1,2})([/-])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))"
    + _TIME
    + r"|([0-9]{1,2})/([0-9]{1,2})"
)
_PART: Final = re.compile("[0-9]{1,4}")

_CENTURY: Final = 100
_FIRST_OF_1900S: Final = 30
"""Years of two digits from this one on are of the twentieth century."""
_NO_YEARS: Final = (0, 1604)
"""Years that stand for none; 1604 is Apple's."""
_LEAP_YEAR: Final = 2000
_MONTHS: Final = 12


class Day(NamedTuple):
    """A day as it was read."""

    value: str | None
    """``YYYY-MM-DD`` or ``--MM-DD``; None if the text says that there is none."""
    is_guess: bool = False
    """Whether month and day could stand the other way round, or the century is not said."""


def day(text: str, *, is_day_first: bool | None, is_day_likely: bool = False) -> Day:
    """Return the day that a text says.

    Args:
        text: What stands in the file.
        is_day_first: Whether 2/1 is the second of January; None if nothing in the file tells.
        is_day_likely: What is taken where nothing tells.

    Raises:
        ValueError: It is no day.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(text)
    if _NONE.fullmatch(text):
        return Day(None)
    if found := _YEAR_FIRST.fullmatch(text):
        return Day(_written(found[1], found[3], found[4]))
    if found := _COMPACT.fullmatch(text):
        return Day(_written(*found.groups()))
    if found := _DOTS.fullmatch(text):
        return Day(_written(found[3], found[2], found[1]), _is_short(found[3]))
    if found := _NO_YEAR.fullmatch(text):
        return Day(_written(None, found[1] or found[3], found[2] or found[4]))
    if found := _SLASHES.fullmatch(text):
        first, second, year = found[1] or found[5], found[3] or found[6], found[4]
        return _by_order(first, second, year, is_day_first, is_day_likely)
    raise ValueError(text)


def order(text: str) -> bool | None:
    """Return whether a text has its day before its month, or None if it does not tell."""
    found = _SLASHES.fullmatch(text) if len(text) <= MAX_LENGTH else None
    if not found:
        return None
    first, second = int(found[1] or found[5]), int(found[3] or found[6])
    if (first > _MONTHS) == (second > _MONTHS):
        return None
    return first > _MONTHS


def of_parts(year: str, month: str, day_: str) -> str | None:
    """Return the day of three cells; None if month and day are empty or 0.

    Raises:
        ValueError: They are no day.
    """
    if not (month.strip("0 ") or day_.strip("0 ")):
        if year.strip("0 "):
            raise ValueError(year)
        return None
    if not all(map(_PART.fullmatch, (year or "0", month, day_))):
        raise ValueError(year, month, day_)
    return _written(year or None, month, day_)


def _by_order(
    first: str, second: str, year: str | None, is_day_first: bool | None, is_day_likely: bool
) -> Day:
    own = int(first) > _MONTHS if (int(first) > _MONTHS) != (int(second) > _MONTHS) else None
    known = own if own is not None else is_day_first
    day_first = is_day_likely if known is None else known
    month, day_ = (second, first) if day_first else (first, second)
    is_guess = (known is None and int(first) != int(second)) or _is_short(year)
    return Day(_written(year, month, day_), is_guess)


def _is_short(year: str | None) -> bool:
    return year is not None and int(year) < _CENTURY


def _written(year: str | None, month: str, day_: str) -> str:
    number = int(year or 0)
    if year and len(year) == len("90"):
        number += 1900 if number >= _FIRST_OF_1900S else 2000
    if number in _NO_YEARS:
        return date(_LEAP_YEAR, int(month), int(day_)).isoformat().replace(f"{_LEAP_YEAR}", "-")
    return date(number, int(month), int(day_)).isoformat()
