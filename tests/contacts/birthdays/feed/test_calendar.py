"""Birthdays as the events of a calendar."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from contactsvc.contacts.birthdays.feed.calendar import END, HEAD, Born, events, name_space
from contactsvc.contacts.birthdays.service import LeapDay
from tests.contacts.birthdays.feed import calendars

OWNER = name_space("https://contacts.example.com", 7)
CHANGED = datetime(2026, 1, 31, 12, 30, 15, 999999, UTC)
ADA = Born(7, "Ada Lovelace", "1990-12-10", CHANGED)


def written(born: Born = ADA, leap_day: LeapDay = LeapDay.FEB28) -> bytes:
    return HEAD + events(born, OWNER, leap_day) + END


def test_all_of_it() -> None:
    assert written().decode().splitlines() == [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//contactsvc//Birthdays//EN"),
        *("CALSCALE:GREGORIAN", "NAME:Birthdays", "X-WR-CALNAME:Birthdays"),
        *("REFRESH-INTERVAL;VALUE=DURATION:PT12H", "X-PUBLISHED-TTL:PT12H"),
        *("BEGIN:VEVENT", "UID:cff241d2-b320-5767-b83d-59136c99c102"),
        *("DTSTAMP:20260131T123015Z", "DTSTART;VALUE=DATE:19901210", "DTEND;VALUE=DATE:19901211"),
        *("RRULE:FREQ=YEARLY", "SUMMARY:🎂 Ada Lovelace (1990)", "TRANSP:TRANSPARENT"),
        *("END:VEVENT", "END:VCALENDAR"),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Ada",
        "Zoë Müller-Lüdenscheidt",
        "Леся Українка " * 30,
        "\U0001f469\u200d\U0001f680" * 40,
        *("é" * length for length in range(20, 45)),
        'Conan O\'Brien, Jr.; the "first": C:\\temp\\new',
        "Д\u2019Артаньян",
        "two\nlines\r\nand three",
        "END:VEVENT\r\nBEGIN:VALARM",
    ],
)
def test_a_name_is_read_as_it_was(name: str) -> None:
    [event] = calendars.events(written(ADA._replace(name=name)))

    expected = name.replace("\r\n", "\n")
    assert str(event["SUMMARY"]) == f"🎂 {expected} (1990)"


def test_the_year_of_birth_is_told_where_it_is_known() -> None:
    [event] = calendars.events(written(ADA._replace(birthday="--12-10")))

    assert str(event["SUMMARY"]) == "🎂 Ada Lovelace"


@pytest.mark.parametrize(
    ("birthday", "first"),
    [
        ("1815-12-10", date(1970, 12, 10)),
        ("--12-10", date(1970, 12, 10)),
        ("1969-12-31", date(1970, 12, 31)),
        ("1970-01-01", date(1970, 1, 1)),
        ("1990-12-31", date(1990, 12, 31)),
        ("2026-02-28", date(2026, 2, 28)),
    ],
)
def test_it_is_every_year_from_the_birth_on(birthday: str, first: date) -> None:
    [event] = calendars.events(written(ADA._replace(birthday=birthday)))

    assert calendars.days(event) == set(
        calendars.celebrated(first.month, first.day, (first.month, first.day), first.year)
    )


@pytest.mark.parametrize(("leap_day", "common"), [("feb28", (2, 28)), ("mar1", (3, 1))])
@pytest.mark.parametrize(
    ("birthday", "first"),
    [("--02-29", 1972), ("1904-02-29", 1972), ("2000-02-29", 2000), ("2096-02-29", 2096)],
)
def test_the_leap_day_is_once_a_year(
    birthday: str, first: int, leap_day: str, common: tuple[int, int]
) -> None:
    found = calendars.events(written(ADA._replace(birthday=birthday), LeapDay(leap_day)))

    leap, other = map(calendars.days, found)
    assert not leap & other
    expected = set(calendars.celebrated(2, 29, common, first))
    # 2104 is the first leap year in which it is not on the leap day.
    expected = {day for day in expected if (day.month, day.day) != (2, 29) or day.year <= 2096}
    expected |= {date(year, *common) for year in range(2104, calendars.YEARS[-1] + 1, 4)}
    assert leap | other == expected
    assert found[0]["UID"] != found[1]["UID"]
    assert found[0]["SUMMARY"] == found[1]["SUMMARY"]


def test_a_rule_has_only_what_all_calendars_take() -> None:
    for leap_day in LeapDay:
        for birthday in ("--02-29", "1990-12-10"):
            for event in calendars.events(written(ADA._replace(birthday=birthday), leap_day)):
                parts = {part.partition("=")[0] for part in calendars.rule(event).split(";")}
                assert parts <= {"FREQ", "INTERVAL", "UNTIL"}


def test_an_event_is_told_by_service_owner_and_contact_alone() -> None:
    later = ADA._replace(name="Ada King", birthday="--01-01", updated_at=datetime.now(UTC))
    others = (
        events(ADA._replace(contact_id=8), OWNER, LeapDay.FEB28),
        events(ADA, name_space("https://contacts.example.com", 8), LeapDay.FEB28),
        events(ADA, name_space("https://contacts.example.org", 7), LeapDay.FEB28),
    )

    def uid(text: bytes) -> str:
        [event] = calendars.events(HEAD + text + END)
        return str(event["UID"])

    known = uid(events(ADA, OWNER, LeapDay.FEB28))
    assert uid(events(later, OWNER, LeapDay.MAR1)) == known
    assert len({known, *map(uid, others)}) == 4


def test_the_time_is_told_in_utc() -> None:
    kyiv = CHANGED.astimezone(timezone(timedelta(hours=2)))

    assert written(ADA._replace(updated_at=kyiv)) == written()
