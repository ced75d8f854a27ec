"""Reads calendars with a library that programs use, and asks on which days their events are."""

from calendar import isleap
from collections.abc import Iterator
from datetime import date, datetime, time

from dateutil.rrule import rruleset, rrulestr
from icalendar import Calendar, Event

YEARS = range(1960, 2131)


def events(text: bytes) -> list[Event]:
    """Return the events of a calendar, of which every line is as RFC 5545 (3.1) has it."""
    assert text.endswith(b"\r\n")
    lines = text.removesuffix(b"\r\n").split(b"\r\n")
    for line in lines:
        assert len(line) <= 75
        assert not {b"\r"[0], b"\n"[0]} & set(line)
        line.decode()  # no fold stands inside a character
    calendar = Calendar.from_ical(text)
    found = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    assert [error for event in found for error in event.errors] == []
    return found


def days(event: Event) -> set[date]:
    """Return the days of an event in YEARS."""
    first = event.start
    assert type(first) is date
    assert (event.end - first).days == 1
    rules = rruleset()
    rules.rrule(rrulestr(rule(event), dtstart=_midnight(first)))
    for left_out in event.exdates:
        rules.exdate(_midnight(left_out))
    all_years = _midnight(date(YEARS[0], 1, 1)), _midnight(date(YEARS[-1], 12, 31))
    return {found.date() for found in rules.between(*all_years, inc=True)}


def rule(event: Event) -> str:
    """Return the rule by which an event comes again."""
    return str(event["RRULE"].to_ical(), "utf-8")  # type: ignore[arg-type]  # always bytes


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def celebrated(month: int, day: int, common: tuple[int, int], first: int) -> Iterator[date]:
    """Yield the days of a birthday from a year on; ``common`` is its day in common years."""
    for year in range(first, YEARS[-1] + 1):
        yield date(year, month, day) if isleap(year) else date(year, *common)
