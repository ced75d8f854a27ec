"""Birthdays against an oracle that walks through the window day by day."""

import functools
import itertools
import random
from calendar import monthrange
from datetime import date, timedelta
from typing import Any, NamedTuple

import asyncpg
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contactsvc.contacts.birthdays.service import (
    MAX_DAYS,
    Birthday,
    LeapDay,
    next_celebration,
    parse,
    spans,
    upcoming,
)
from contactsvc.contacts.repository import ContactRepository
from tests.support.rows import as_client_brings_it


class Expected(NamedTuple):
    on: date
    days_until: int
    turns: int | None


IN_COMMON_YEARS = {LeapDay.FEB28: "02-28", LeapDay.MAR1: "03-01"}


def celebrated(day: date, policy: LeapDay) -> tuple[str, ...]:
    """Return the months and days of birth that a day celebrates."""
    own = day.isoformat()[-5:]
    if own == IN_COMMON_YEARS[policy] and monthrange(day.year, 2)[1] == 28:
        return own, "02-29"
    return (own,)


@functools.cache
def calendar(first: date, days: int, policy: LeapDay) -> dict[str, date]:
    """Return the next birthday in the window of each month and day of birth that has one."""
    found: dict[str, date] = {}
    for ahead in range(days + 1):
        day = first + timedelta(days=ahead)
        for month_day in celebrated(day, policy):
            found.setdefault(month_day, day)
    return found


def oracle(birthday: str, first: date, days: int, policy: LeapDay) -> Expected | None:
    """Return the next birthday, or None if it lies beyond the window."""
    day = calendar(first, days, policy).get(birthday[-5:])
    if day is None:
        return None
    born = None if birthday.startswith("--") else date.fromisoformat(birthday)
    return Expected(day, (day - first).days, day.year - born.year if born else None)


spans_of = functools.cache(spans)
"""What the code looks up, once for all birthdays of a window."""


def through_the_code(birthday: str, first: date, days: int, policy: LeapDay) -> Expected | None:
    """Do what upcoming() does, without the database between the two steps."""
    year, month, day = parse(birthday)
    looked_up = [
        span for span in spans_of(first, days, policy) if span.low <= month * 100 + day <= span.high
    ]
    on = next_celebration(month, day, first, policy)
    assert bool(looked_up) == (on <= first + timedelta(days=days))
    assert len(looked_up) <= 1, "nobody is looked up twice"
    if not looked_up:
        return None
    return Expected(on, (on - first).days, None if year is None else on.year - year)


EDGES = ["02-28", "02-29", "03-01", "12-31", "01-01", "12-30", "01-02"]
YEARS = st.integers(1900, 2100)


def on_an_edge(year: int, month_day: str) -> date:
    month, day = map(int, month_day.split("-"))
    return date(year, month, min(day, monthrange(year, month)[1]))


any_day = st.dates(date(1900, 1, 1), date(2100, 12, 31))
first_days = any_day | st.builds(on_an_edge, YEARS, st.sampled_from(EDGES))
month_days = st.sampled_from(EDGES) | st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(
    lambda day: day.isoformat()[-5:]
)
birthdays = month_days.map(lambda md: f"--{md}") | any_day.map(date.isoformat)
windows = st.sampled_from([0, 1, 2, 7, 363, 364, 365, 366]) | st.integers(0, MAX_DAYS)
policies = st.sampled_from(LeapDay)


@given(birthdays, first_days, windows, policies)
@example("--02-29", date(2027, 2, 28), 0, LeapDay.FEB28)
@example("--02-29", date(2027, 3, 1), 0, LeapDay.MAR1)
@example("--02-29", date(2027, 3, 1), 366, LeapDay.FEB28)
@example("--02-29", date(2028, 2, 28), 0, LeapDay.FEB28)
@example("--02-29", date(2100, 2, 28), 0, LeapDay.FEB28)
@example("--02-29", date(1999, 3, 1), 365, LeapDay.FEB28)
@example("2000-02-29", date(2026, 12, 31), 60, LeapDay.MAR1)
@example("--01-01", date(2026, 12, 31), 1, LeapDay.FEB28)
@example("--12-31", date(2027, 1, 1), 364, LeapDay.FEB28)
@example("--12-31", date(2028, 1, 1), 365, LeapDay.FEB28)
@example("--06-15", date(2027, 6, 16), 364, LeapDay.FEB28)
@example("--06-15", date(2022, 12, 31), 366, LeapDay.FEB28)  # it touches three years
def test_birthdays_are_those_of_the_calendar(
    birthday: str, first: date, days: int, policy: LeapDay
) -> None:
    expected = oracle(birthday, first, days, policy)
    assert through_the_code(birthday, first, days, policy) == expected


@given(first_days, windows, policies)
@example(date(2027, 12, 30), 366, LeapDay.MAR1)
def test_spans_are_well_formed_few_and_in_order(first: date, days: int, policy: LeapDay) -> None:
    found = spans(first, days, policy)
    assert 1 <= len(found) <= 6
    assert all(101 <= span.low <= span.high <= 1231 for span in found)
    celebrated = [
        next_celebration(month_day // 100, month_day % 100, first, policy)
        for span in found
        for month_day in (span.low, span.high)
    ]
    assert celebrated == sorted(celebrated)
    assert all(
        span.is_one_day == (len({*celebrated[2 * n : 2 * n + 2]}) == 1)
        for n, span in enumerate(found)
        if span.low != span.high
    )


@pytest.mark.slow
@pytest.mark.parametrize("policy", LeapDay)
@pytest.mark.parametrize("year", [2023, 2024, 2096, 2099, 2100])
def test_spans_miss_nobody_around_the_leap_day(year: int, policy: LeapDay) -> None:
    days = [date(2000, 2, 25) + timedelta(days=n) for n in range(8)]
    birthdays = [f"--{day.isoformat()[-5:]}" for day in days]
    for first in (date(year, 2, 24) + timedelta(days=n) for n in range(9)):
        for window in (*range(9), 364, 365, 366):
            for birthday in birthdays:
                expected = oracle(birthday, first, window, policy)
                assert through_the_code(birthday, first, window, policy) == expected


@pytest.mark.parametrize(
    ("birthday", "parts"),
    [("1815-12-10", (1815, 12, 10)), ("--02-29", (None, 2, 29)), ("0001-01-01", (1, 1, 1))],
)
def test_parse(birthday: str, parts: tuple[int | None, int, int]) -> None:
    assert parse(birthday) == parts


@pytest.fixture
async def whole_year(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> dict[int, str]:
    """Insert somebody born on each day of a leap year, and give their birthdays by id."""
    birthdays: dict[int, str] = {}
    for n in range(366):
        born = (date(2000, 1, 1) + timedelta(days=n)).isoformat()
        birthday = f"--{born[-5:]}" if n % 2 else born
        row, _ = await contacts.create(
            {"first_name": f"n{n % 7}", "last_name": "", "birthday": birthday}
        )
        birthdays[row["id"]] = birthday
    await contacts.create({"first_name": "Nobody knows", "last_name": "", "birthday": None})
    return birthdays


def some_windows() -> list[tuple[date, int]]:
    chance = random.Random(7)
    edges = [on_an_edge(year, edge) for year in (2023, 2024, 2100) for edge in EDGES]
    three_years = (date(2022, 12, 31), 366)
    return [
        three_years,
        *((first, chance.choice([0, 1, 2, 7, 60, 365, 366])) for first in edges),
    ] + [
        (date(1900, 1, 1) + timedelta(days=chance.randrange(73_000)), chance.randrange(367))
        for _ in range(8)
    ]


async def read_all(
    contacts: ContactRepository, first: date, days: int, policy: LeapDay, limit: int
) -> list[Birthday]:
    """Go through all pages."""
    found: list[Birthday] = []
    position: list[Any] | None = None
    while True:
        page = await upcoming(contacts, first, days, policy, limit, position)
        assert len(page.rows) == limit or page.next_position is None
        found += page.rows
        if page.next_position is None:
            return found
        position = as_client_brings_it(page.next_position)


@pytest.mark.slow
async def test_upcoming_birthdays_out_of_postgresql(
    contacts: ContactRepository, whole_year: dict[int, str]
) -> None:
    limits = itertools.cycle((1000, 40, 5, 61, 200))
    for (first, days), policy in itertools.product(some_windows(), LeapDay):
        expected = {
            contact_id: next_birthday
            for contact_id, birthday in whole_year.items()
            if (next_birthday := oracle(birthday, first, days, policy))
        }
        found = await read_all(contacts, first, days, policy, next(limits))
        told = {b.contact["id"]: Expected(b.on, b.days_until, b.turns) for b in found}
        assert told == expected, (first, days, policy)
        in_order = [(b.on, b.contact["first_name"], b.contact["id"]) for b in found]
        assert in_order == sorted(in_order), (first, days, policy)


async def test_somebody_elses_birthdays_are_not_told(
    contacts: ContactRepository, foreign: ContactRepository
) -> None:
    await contacts.create({"first_name": "Ada", "last_name": "", "birthday": "--12-10"})
    pages = [
        await upcoming(book, date(2026, 1, 1), MAX_DAYS, LeapDay.FEB28, 200)
        for book in (contacts, foreign)
    ]
    assert [(len(p.rows), p.next_position) for p in pages] == [(1, None), (0, None)]


@pytest.mark.usefixtures("whole_year")
async def test_no_more_is_read_than_a_page_holds(
    contacts: ContactRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one row more, which says that there is another page."""
    read: list[int] = []
    real = ContactRepository.with_birthday

    async def with_birthday(self: ContactRepository, *args: Any) -> Any:
        rows = await real(self, *args)
        read.append(len(rows))
        return rows

    monkeypatch.setattr(ContactRepository, "with_birthday", with_birthday)
    page = await upcoming(contacts, date(2027, 2, 20), MAX_DAYS, LeapDay.FEB28, 30)

    assert len(page.rows) == 30
    assert sum(read) == 31
