"""Whose birthday is next."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from tests.conftest import MakePerson, Person, pointers

PATH = "/api/contacts/birthdays"
Freeze = Callable[[str], None]


@pytest.fixture
def freeze(monkeypatch: pytest.MonkeyPatch) -> Freeze:
    """Stop the calendar; tokens and time stamps go by the real clock, as nobody asks them."""

    def stop(moment: str) -> None:
        stopped = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        monkeypatch.setattr("contactsvc.platform.clock.now", lambda: stopped)

    return stop


async def window(person: Person, **params: Any) -> dict[str, Any]:
    response = await person.get(PATH, params=params)
    assert response.status == 200, await response.text()
    assert response.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = await response.json()
    return body


async def days(person: Person, **params: Any) -> list[tuple[str, str, int]]:
    """Return birthday, next birthday and days until it, of each in the window."""
    items = (await window(person, **params))["items"]
    return [(item["birthday"], item["next_birthday"], item["days_until"]) for item in items]


async def born_on(person: Person, *birthdays: str) -> None:
    for birthday in birthdays:
        await person.add_contact(birthday=birthday)


async def copy_contact(pg: asyncpg.Connection, times: int) -> None:
    """Copy the only contact that there is, whatever its columns are."""
    columns = await pg.fetchval(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        " WHERE table_name = 'contacts' AND column_name NOT IN ('id', 'uid')"
    )
    await pg.execute(
        f"INSERT INTO contacts ({columns})"
        f" SELECT {columns} FROM contacts, generate_series(1, $1::int)",
        times,
    )


async def test_a_birthday_in_full(grace: Person, freeze: Freeze) -> None:
    freeze("2027-12-07T12:00")
    contact = await grace.add_contact(last_name="Lovelace", birthday="1815-12-10")

    assert await window(grace) == {
        "from": "2027-12-07",
        "to": "2027-12-14",
        "items": [contact | {"next_birthday": "2027-12-10", "days_until": 3, "turns": 212}],
        "next_cursor": None,
    }


async def test_both_ends_are_included(grace: Person, freeze: Freeze) -> None:
    freeze("2027-03-10T00:00")
    await born_on(grace, "2000-03-09", "2000-03-10", "2000-03-17", "2000-03-18", "2000-09-01")
    await grace.add_contact(birthday=None)

    assert await days(grace) == [
        ("2000-03-10", "2027-03-10", 0),
        ("2000-03-17", "2027-03-17", 7),
    ]
    assert await days(grace, days=0) == [("2000-03-10", "2027-03-10", 0)]
    assert len(await days(grace, days=8)) == 3


async def test_the_window_goes_across_the_years_end(grace: Person, freeze: Freeze) -> None:
    freeze("2027-12-28T23:59")
    await born_on(grace, "2000-01-04", "2000-01-05", "--01-01", "2000-12-31", "2000-12-27")

    body = await window(grace)

    assert (body["from"], body["to"]) == ("2027-12-28", "2028-01-04")
    assert [(item["next_birthday"], item["turns"]) for item in body["items"]] == [
        ("2027-12-31", 27),
        ("2028-01-01", None),
        ("2028-01-04", 28),
    ]


async def test_a_whole_year_holds_everybody_once(grace: Person, freeze: Freeze) -> None:
    freeze("2027-03-10T12:00")
    await born_on(grace, "--03-09", "--03-10", "--03-11", "--02-28", "--02-29", "--12-31")

    assert await days(grace, days=366) == [
        ("--03-10", "2027-03-10", 0),
        ("--03-11", "2027-03-11", 1),
        ("--12-31", "2027-12-31", 296),
        ("--02-28", "2028-02-28", 355),
        ("--02-29", "2028-02-29", 356),
        ("--03-09", "2028-03-09", 365),
    ]


async def test_within_a_day_the_order_is_by_name(grace: Person, freeze: Freeze) -> None:
    freeze("2027-03-10T12:00")
    for last_name, birthday in [("b", "--03-12"), ("Á", "1990-03-12"), ("z", "--03-11")]:
        await grace.add_contact(last_name=last_name, birthday=birthday)

    assert [item["last_name"] for item in (await window(grace))["items"]] == ["z", "Á", "b"]


async def test_turns_is_the_age_reached_that_day(grace: Person, freeze: Freeze) -> None:
    freeze("2027-03-10T12:00")
    await born_on(grace, "2027-03-10", "2026-03-11", "--03-12", "2027-03-09")

    items = (await window(grace, days=365))["items"]

    assert [(item["birthday"], item["turns"]) for item in items] == [
        ("2027-03-10", 0),
        ("2026-03-11", 1),
        ("--03-12", None),
        ("2027-03-09", 1),
    ]


@pytest.mark.parametrize(
    ("moment", "tz", "first"),
    [
        ("2027-03-10T23:30", "UTC", "2027-03-10"),
        ("2027-03-10T23:30", "Asia/Tokyo", "2027-03-11"),
        ("2027-03-10T23:30", "Europe/Kyiv", "2027-03-11"),
        ("2027-03-10T02:00", "America/Los_Angeles", "2027-03-09"),
        ("2027-01-01T09:59", "Pacific/Kiritimati", "2027-01-01"),
        ("2027-12-31T10:00", "Pacific/Kiritimati", "2028-01-01"),
        ("2028-01-01T10:59", "Pacific/Pago_Pago", "2027-12-31"),
    ],
)
async def test_today_is_where_the_reader_is(
    grace: Person, freeze: Freeze, moment: str, tz: str, first: str
) -> None:
    freeze(moment)
    await born_on(grace, f"--{first[5:]}")

    body = await window(grace, tz=tz, days=0)

    assert (body["from"], body["to"]) == (first, first)
    assert [item["days_until"] for item in body["items"]] == [0]


FEB28, MAR1, LEAP = "02-28", "03-01", "02-29"


@pytest.mark.parametrize(
    ("year", "leap_day", "celebrated"),
    [
        (2027, {}, FEB28),
        (2027, {"leap_day": "feb28"}, FEB28),
        (2027, {"leap_day": "mar1"}, MAR1),
        (2028, {"leap_day": "feb28"}, LEAP),
        (2028, {"leap_day": "mar1"}, LEAP),
        (2100, {"leap_day": "mar1"}, MAR1),
    ],
)
async def test_the_leap_day(
    grace: Person, freeze: Freeze, year: int, leap_day: dict[str, str], celebrated: str
) -> None:
    await born_on(grace, "2000-02-29", "--02-29")

    for day in (FEB28, LEAP, MAR1):
        if day == LEAP and year != 2028:
            continue
        freeze(f"{year}-{day}T12:00")
        items = (await window(grace, days=0, **leap_day))["items"]
        expected = [(f"{year}-{day}", year - 2000), (f"{year}-{day}", None)]
        found = [(item["next_birthday"], item["turns"]) for item in items]
        assert found == (expected if day == celebrated else []), day


async def test_parameters_that_do_not_fit(grace: Person, subtests: pytest.Subtests) -> None:
    for name, value in [
        *(("limit", value) for value in ("0", "201", "", "all")),
        *(("cursor", value) for value in ("", "x", "WzFd")),
        *(("days", value) for value in ("-1", "367", "", "7.0", "week", "1e2")),
        *(("tz", value) for value in ("", "Mars/Phobos", "../../etc/passwd", "/etc/localtime")),
        *(("tz", value) for value in ("Europe", "+02:00", "utc ' --", "Europe/Kyiv\x00")),
        *(("leap_day", value) for value in ("", "feb29", "FEB28", "2")),
    ]:
        with subtests.test(name=name, value=value):
            assert await pointers(await grace.get(PATH, params={name: value})) == {f"/{name}"}


async def test_every_day_of_the_year_is_found_from_a_day_before_it(
    grace: Person, freeze: Freeze
) -> None:
    """Around the ends of months, where what an index can look up is easily cut too short."""
    ends = ["01-31", "02-01", "02-28", "03-01", "04-30", "05-01", "12-31", "01-01"]
    await born_on(grace, *(f"--{day}" for day in ends))

    for first, second in [("01-31", "02-01"), ("04-30", "05-01"), ("02-28", "03-01")]:
        freeze(f"2027-{first}T12:00")
        expected = [(f"--{first}", f"2027-{first}", 0), (f"--{second}", f"2027-{second}", 1)]
        assert await days(grace, days=1) == expected


async def walk(person: Person, freeze: Freeze, **params: Any) -> list[dict[str, Any]]:
    """Follow the cursors past midnight, and return what the pages hold."""
    freeze("2027-02-27T23:59")
    page = await window(person, **params)
    items: list[dict[str, Any]] = page["items"]
    freeze("2027-02-28T00:01")
    while page["next_cursor"] is not None:
        page = await window(person, **params, cursor=page["next_cursor"])
        assert (page["from"], len(page["items"]) > 0) == ("2027-02-27", True)
        items += page["items"]
    return items


async def test_pages_hold_everybody_once_and_in_order(grace: Person, freeze: Freeze) -> None:
    """In 2027 those of 29 February celebrate with those of the 28th, among them by name."""
    for name, day in itertools.product(("Дорош", "Ґалаґан", "Гоголь"), (228, 229, 301, 1231, 226)):
        await grace.add_contact(first_name=name, birthday=f"--{day // 100:02}-{day % 100:02}")
    whole = await walk(grace, freeze, days=366)

    assert [item["next_birthday"] for item in whole] == [
        *["2027-02-28"] * 6, *["2027-03-01"] * 3, *["2027-12-31"] * 3, *["2028-02-26"] * 3
    ]  # fmt: skip
    names = [item["first_name"] for item in whole]
    assert names[:6] == ["Ґалаґан", "Ґалаґан", "Гоголь", "Гоголь", "Дорош", "Дорош"]
    assert names[6:9] == ["Ґалаґан", "Гоголь", "Дорош"]
    for limit in (1, 2, 5, 6, 14, 15):
        assert await walk(grace, freeze, days=366, limit=limit) == whole, limit


async def test_a_cursor_is_good_for_its_own_window_only(
    grace: Person, make_person: MakePerson, freeze: Freeze
) -> None:
    freeze("2027-03-10T12:00")
    await born_on(grace, "--03-10", "--03-11")
    cursor = (await window(grace, limit=1))["next_cursor"]

    for other in ({"days": 8}, {"tz": "Europe/Kyiv"}, {"leap_day": "mar1"}):
        assert await pointers(await grace.get(PATH, params={"cursor": cursor, **other})) == {
            "/cursor"
        }
    stranger = await make_person("bob@example.com")
    assert await pointers(await stranger.get(PATH, params={"cursor": cursor})) == {"/cursor"}


async def test_an_answer_has_an_end_however_many_there_are(
    grace: Person, freeze: Freeze, pg: asyncpg.Connection
) -> None:
    freeze("2027-03-10T12:00")
    await born_on(grace, "--03-10")
    await copy_contact(pg, 200)

    first = await window(grace, days=366)
    rest = await window(grace, days=366, cursor=first["next_cursor"])

    assert (len(first["items"]), len(rest["items"])) == (200, 1)
    assert rest["next_cursor"] is None
