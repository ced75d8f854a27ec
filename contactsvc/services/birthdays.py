"""Whose birthday is next."""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from contactsvc.repositories.contact_rows import ContactRow
from contactsvc.repositories.contacts import ContactRepository

FEBRUARY_28: Final = 228
LEAP_DAY: Final = 229
MARCH_1: Final = 301
LONGEST: Final = 366
"""Days of the widest window: a whole year, from one birthday to the next."""


class LeapDay(StrEnum):
    """When those born on 29 February celebrate in a common year."""

    FEB28 = "feb28"
    MAR1 = "mar1"


@dataclass(frozen=True)
class Birthday:
    """A contact's next birthday.

    Args:
        contact: Whose.
        on: The day it is celebrated.
        days_until: Days from the beginning of the window, which may be 0.
        turns: The age reached, None where the year of birth is unknown.
    """

    contact: ContactRow
    on: date
    days_until: int
    turns: int | None


async def upcoming(
    contacts: ContactRepository, first: date, days: int, leap_day: LeapDay
) -> list[Birthday]:
    """Return the birthdays from ``first`` to ``first + days``, both included, the nearest first.

    Args:
        contacts: Whose address book.
        first: Today, where the reader is.
        days: 0 to 366.
        leap_day: When 29 February is celebrated in a common year.
    """
    rows = await contacts.with_birthday(month_day_ranges(first, days))
    last = first + timedelta(days=days)
    found = []
    for row in rows:
        year, month, day = parse(str(row["birthday"]))
        on = next_celebration(month, day, first, leap_day)
        if on <= last:
            turns = None if year is None else on.year - year
            found.append(Birthday(row, on, (on - first).days, turns))
    found.sort(key=lambda birthday: birthday.on)  # stable: by name within a day
    return found


def parse(birthday: str) -> tuple[int | None, int, int]:
    """Return year (None where unknown), month and day of ``YYYY-MM-DD`` or ``--MM-DD``."""
    year, month, day = birthday.rsplit("-", 2)
    return None if year == "-" else int(year), int(month), int(day)


def next_celebration(month: int, day: int, first: date, leap_day: LeapDay) -> date:
    """Return the first day from ``first`` on that celebrates a birth on that month and day."""
    return next(
        on
        for year in (first.year, first.year + 1)
        if (on := _celebration(year, month, day, leap_day)) >= first
    )


def _celebration(year: int, month: int, day: int, leap_day: LeapDay) -> date:
    if (month, day) == (2, 29) and not isleap(year):
        return date(year, 2, 28) if leap_day is LeapDay.FEB28 else date(year, 3, 1)
    return date(year, month, day)


def month_day_ranges(first: date, days: int) -> list[tuple[int, int]]:
    """Return ranges of ``month * 100 + day`` that hold every birthday of the window.

    They are what an index can look up. A window that touches 28 February or 1 March also takes in
    those born on the leap day, whether or not they celebrate then.
    """
    if days >= LONGEST - 1:
        return [(101, 1231)]
    last = first + timedelta(days=days)
    low, high = _month_day(first), _month_day(last)
    ranges = [(low, high)] if first.year == last.year else [(low, 1231), (101, high)]
    return list(_with_leap_day(ranges))


def _with_leap_day(ranges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for low, high in ranges:
        yield (
            LEAP_DAY if low == MARCH_1 else low,
            LEAP_DAY if high == FEBRUARY_28 else high,
        )


def _month_day(day: date) -> int:
    return day.month * 100 + day.day
