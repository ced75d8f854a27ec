"""Writes birthdays as iCalendar (RFC 5545): all-day events that come again every year.

Only rules that the calendars of Apple, Google and Outlook have in common are used. Outlook takes
the few templates of MS-OXCICAL, 2.1.3.2.2, in which there is no BYYEARDAY, and has failed on
BYMONTHDAY=-1. So 29 February is two plain series, of which one leaves the leap years out.

There is no METHOD: with it, RFC 5546 would have an ORGANIZER in each event (3.2.1).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from contactsvc.contacts.birthdays.service import LEAP_DAY, LeapDay, parse
from contactsvc.contacts.vcard.text import escape
from contactsvc.contacts.vcard.writer import folded

FIRST_YEAR: Final = 1970
"""The first year with events: some programs count days from there, and lose what was before."""

_FIRST_LEAP_YEAR: Final = 1972
_LAST_LEAP_YEAR: Final = 2096
"""Until then every fourth year is one; programs disagree about a day that 2100 does not have."""

_EVERY_YEAR: Final = "RRULE:FREQ=YEARLY"
_LEAP_YEARS: Final = f"RRULE:FREQ=YEARLY;INTERVAL=4;UNTIL={_LAST_LEAP_YEAR}0229"

HEAD: Final = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//contactsvc//Birthdays//EN\r\n"
    b"CALSCALE:GREGORIAN\r\n"
    # RFC 7986, and the names by which Apple and Outlook knew the same before.
    b"NAME:Birthdays\r\nX-WR-CALNAME:Birthdays\r\n"
    b"REFRESH-INTERVAL;VALUE=DURATION:PT12H\r\nX-PUBLISHED-TTL:PT12H\r\n"
)
"""The beginning of a calendar."""
END: Final = b"END:VCALENDAR\r\n"

EXAMPLE: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//contactsvc//Birthdays//EN\r\nBEGIN:VEVENT\r\n"
    "UID:4c7e7f6a-2f0e-5b53-9c0f-0f8a5b1c2d3e\r\nDTSTAMP:20260131T120000Z\r\n"
    "DTSTART;VALUE=DATE:19901210\r\nDTEND;VALUE=DATE:19901211\r\nRRULE:FREQ=YEARLY\r\n"
    "SUMMARY:🎂 Ada Lovelace (1990)\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
"""A calendar, shortened, for the documentation."""


class Born(NamedTuple):
    """Whose birthday it is.

    Args:
        contact_id: The contact's id.
        name: What the contact is shown as.
        birthday: ``YYYY-MM-DD`` or ``--MM-DD``.
        updated_at: When the contact was changed last.
    """

    contact_id: int
    name: str
    birthday: str
    updated_at: datetime


class _Series(NamedTuple):
    """Days that are one event: the first of them, and the lines that tell the others."""

    first: date
    rules: tuple[str, ...] = (_EVERY_YEAR,)


def name_space(base_url: str, owner_id: int) -> UUID:
    """Return what tells the events of an owner from those of everybody else, at any service.

    Args:
        base_url: The setting PUBLIC_URL.
        owner_id: The owner.
    """
    return uuid5(NAMESPACE_URL, f"{base_url}/birthdays/{owner_id}")


def events(born: Born, owner: UUID, leap_day: LeapDay) -> bytes:
    """Return the events of one contact: one, or two for 29 February.

    They depend on nothing but the contact, and not on the day on which they are written.

    Args:
        born: The contact.
        owner: What ``name_space`` gave.
        leap_day: When 29 February is celebrated in a common year.
    """
    year, month, day = parse(born.birthday)
    shown = born.name if year is None else f"{born.name} ({year})"
    # The shared end of all events of a contact; the names alone may be long, or not in ASCII.
    rest = folded(f"SUMMARY:🎂 {escape(shown)}") + b"TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"
    changed = f"{born.updated_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return b"".join(
        _head(uuid5(owner, f"{born.contact_id}{part}"), changed, series) + rest
        for part, series in _series(year, month, day, leap_day)
    )


def _head(uid: UUID, changed: str, series: _Series) -> bytes:
    end = series.first + timedelta(days=1)
    return (
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:{changed}\r\n"
        f"DTSTART;VALUE=DATE:{series.first:%Y%m%d}\r\nDTEND;VALUE=DATE:{end:%Y%m%d}\r\n"
    ).encode() + b"".join(map(folded, series.rules))


def _series(
    year: int | None, month: int, day: int, leap_day: LeapDay
) -> Iterator[tuple[str, _Series]]:
    """Yield the series of a birthday, each with what tells it from the contact's other one."""
    known = year or 0
    if month * 100 + day != LEAP_DAY:
        yield "", _Series(date(max(known, FIRST_YEAR), month, day))
        return
    leap = date(max(known, _FIRST_LEAP_YEAR), 2, 29)
    yield "", _Series(leap, (_LEAP_YEARS,))
    month, day = (2, 28) if leap_day is LeapDay.FEB28 else (3, 1)
    leap_years = range(leap.year + 4, _LAST_LEAP_YEAR + 1, 4)
    left_out = ",".join(f"{other}{month:02}{day:02}" for other in leap_years)
    without = (f"EXDATE;VALUE=DATE:{left_out}",) if left_out else ()
    yield "/common", _Series(date(leap.year + 1, month, day), (_EVERY_YEAR, *without))
