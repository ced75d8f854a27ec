"""Dates in the past or the future, without a year or without sense, and time zones."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contactsvc.platform import clock
from contactsvc.web.date_fields import Birthday, TimeZone
from tests.support.fields import NO_TEXT, refused


@pytest.fixture
def leap_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 29 February 2028 in UTC, and 1 March on Kiritimati."""
    moment = datetime(2028, 2, 29, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize(
    "value",
    [
        *("1815-12-10", "2028-02-29", "2028-02-28", "2028-03-01", "2000-02-29", "0001-01-01"),
        *("--12-10", "--02-29"),
    ],
)
def test_birthday(leap_day: None, value: str) -> None:
    assert Birthday().deserialize(value) == value
    assert Birthday().deserialize(f" {value} ") == value


@pytest.mark.parametrize(
    "value",
    [
        *NO_TEXT,
        "",
        "2023-02-29",
        "1900-02-29",
        "2027-13-01",
        "2027-00-01",
        "2027-01-00",
        "2027-01-32",
        "2027-04-31",
        "0000-01-01",
        "20230228",
        "2023-2-28",
        "2023-W09-2",
        "2023-059",
        "28.02.2023",
        "02/28/2023",
        "2023-02-28T00:00:00Z",
        "-2023-02-28",
        "+2023-02-28",
        "--02-30",
        "--13-01",
        "--00-01",
        "--1-1",
        "-02-28",
        "---02-28",
        "02-28",
        "2028-03-02",
        "2029-01-01",
        "9999-12-31",
        "2023-02-28\n2023-02-28",
        "\u0662\u0660\u0662\u0663-\u0660\u0662-\u0662\u0668",
    ],
)
def test_birthday_refuses(leap_day: None, value: Any) -> None:
    refused(Birthday(), value)


@pytest.mark.parametrize(
    "value", ["UTC", "Europe/Kyiv", "Europe/Kiev", "America/Argentina/Ushuaia", "Etc/GMT+12"]
)
def test_time_zone(value: str) -> None:
    assert TimeZone().deserialize(value) == value


@pytest.mark.parametrize(
    "value",
    [
        *NO_TEXT,
        "",
        "Kyiv",
        "europe/kyiv",
        "+02:00",
        "UTC+2",
        "Mars/Olympus",
        "../../etc/passwd",
        "/etc/passwd",
        "Europe/../UTC",
        "Europe",
        "tzdata.zi",
        "UTC\0",
        "\ud800",
        "x" * 1000,
    ],
)
def test_time_zone_refuses(value: Any) -> None:
    refused(TimeZone(), value)


def test_time_zones_are_looked_up_in_files_once(monkeypatch: pytest.MonkeyPatch) -> None:
    refused(TimeZone(), "Mars/Olympus")
    monkeypatch.delattr("zoneinfo.available_timezones")

    refused(TimeZone(), "Mars/Phobos")
    assert TimeZone().deserialize("Europe/Kyiv") == "Europe/Kyiv"
