"""The window of birthdays that may be asked for."""

import pytest
from marshmallow import ValidationError

from contactsvc.contacts.birthdays.schemas import BirthdayQuerySchema
from contactsvc.contacts.birthdays.service import LeapDay


def test_defaults() -> None:
    window = {"days": 7, "tz": "UTC", "leap_day": LeapDay.FEB28}
    assert BirthdayQuerySchema().load({}) == window | {"limit": 200, "cursor": None}


@pytest.mark.parametrize(
    ("given", "loaded"),
    [
        ({"days": "0"}, {"days": 0}),
        ({"days": "366"}, {"days": 366}),
        ({"tz": "Europe/Kyiv"}, {"tz": "Europe/Kyiv"}),
        ({"leap_day": "mar1"}, {"leap_day": LeapDay.MAR1}),
    ],
)
def test_good_values(given: dict[str, str], loaded: dict[str, object]) -> None:
    assert loaded.items() <= BirthdayQuerySchema().load(given).items()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("days", "-1"),
        ("days", "367"),
        ("days", "7.0"),
        ("days", ""),
        ("tz", "Mars/Olympus"),
        ("tz", ""),
        ("leap_day", "feb29"),
        ("leap_day", ""),
        ("from", "2026-01-01"),
    ],
)
def test_wrong_values_are_named(field: str, value: str) -> None:
    with pytest.raises(ValidationError) as error:
        BirthdayQuerySchema().load({field: value})
    assert isinstance(error.value.messages, dict)
    assert list(error.value.messages) == [field]
