"""Finds upcoming birthdays, and when those of 29 February are celebrated."""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final, cast

from contactsvc.contacts.orders import BY_BIRTHDAY, MonthDays
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import PUBLIC, ContactRow
from contactsvc.platform.database.keysets import Page, Position

LEAP_DAY: Final = 229
MAX_DAYS: Final = 366
"""Days of the widest window: a whole year, from one birthday to the next."""
_A_LEAP_YEAR: Final = date(2000, 1, 1)
_NEXT: Final = dict(
    pairwise(
        day.month * 100 + day.day
        for day in (_A_LEAP_YEAR + timedelta(days=number) for number in range(366))
    )
)
"""The next month and day by each, but the last, of a leap year; as month times 100 plus day."""


class LeapDay(StrEnum):
    """When those born on 29 February celebrate in a common year."""

    FEB28 = "feb28"
    MAR1 = "mar1"


@dataclass(frozen=True)
class Birthday:
    """A contact's next birthday.

    Args:
        contact: The contact.
        on: The day on which it is celebrated.
        days_until: Days from the beginning of the window, from 0.
        turns: The age in years on that day; None if the year of birth is unknown.
    """

    contact: ContactRow
    on: date
    days_until: int
    turns: int | None


async def upcoming(
    contacts: ContactRepository,
    first: date,
    days: int,
    leap_day: LeapDay,
    limit: int,
    after: Position = None,
) -> Page[Birthday]:
    """Return up to ``limit`` birthdays from ``first`` to ``first + days``, both included.

    The nearest come first, and those of a day by name.

    Args:
        contacts: The repository of the address book.
        first: The first day of the window.
        days: The length of the window after its first day, 0 to MAX_DAYS.
        leap_day: When 29 February is celebrated in a common year.
        limit: The most birthdays on the page.
        after: The ``next_position`` of the page before; None for the first page.
    """
    parts = spans(first, days, leap_day)
    if after is not None:
        parts = _from(parts, int(after[0]))
    rows: list[dict[str, Any]] = []
    for span in parts:
        rows += await contacts.with_birthday(span, limit + 1 - len(rows), after)
        after = None
        if len(rows) > limit:
            break
    page = BY_BIRTHDAY.cut(rows, PUBLIC, limit)
    return page.map(lambda row: _birthday(cast(ContactRow, row), first, leap_day))


def _from(parts: list[MonthDays], month_day: int) -> list[MonthDays]:
    """Return the rest of the spans from a month and day on, with a span of that day first."""
    number, span = next(
        (number, span) for number, span in enumerate(parts) if span.low <= month_day <= span.high
    )
    if span.is_one_day:
        return parts[number:]
    rest = [MonthDays(_NEXT[month_day], span.high)] if month_day < span.high else []
    return [MonthDays(month_day, month_day, is_one_day=True), *rest, *parts[number + 1 :]]


def _birthday(contact: ContactRow, first: date, leap_day: LeapDay) -> Birthday:
    year, month, day = parse(str(contact["birthday"]))
    on = next_celebration(month, day, first, leap_day)
    return Birthday(contact, on, (on - first).days, None if year is None else on.year - year)


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


def spans(first: date, days: int, leap_day: LeapDay) -> list[MonthDays]:
    """Return the days of birth that are celebrated in a window, in its order, each once.

    Within a span the days are consecutive, so that an index yields them in order. If 29 February is
    celebrated on another day, both share a span of their own.
    """
    celebrated: list[MonthDays] = []
    seen: set[int] = set()
    for number in range(days + 1):
        born = [day for day in born_on(first + timedelta(days=number), leap_day) if day not in seen]
        seen.update(born)
        if not born:  # the window is a year long, and the day comes again
            continue
        last = celebrated[-1] if celebrated else None
        if len(born) > 1:
            celebrated.append(MonthDays(born[0], born[-1], is_one_day=True))
        elif last and not last.is_one_day and _NEXT.get(last.high) == born[0]:
            celebrated[-1] = MonthDays(last.low, born[0])
        else:
            celebrated.append(MonthDays(born[0], born[0]))
    return celebrated


def born_on(day: date, leap_day: LeapDay) -> Iterator[int]:
    """Yield the days of birth, as month times 100 plus day, that are celebrated on a day."""
    own = day.month * 100 + day.day
    shared = _celebration(day.year, 2, 29, leap_day) == day and own != LEAP_DAY
    yield from sorted((own, LEAP_DAY)) if shared else (own,)
