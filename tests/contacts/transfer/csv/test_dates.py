from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.dates import Day, day, of_parts, order


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1988-05-17", "1988-05-17"),
        ("1988-5-7", "1988-05-07"),
        ("1988/05/17", "1988-05-17"),
        ("1988.05.17", "1988-05-17"),
        ("19880517", "1988-05-17"),
        ("1988-05-17T00:00:00Z", "1988-05-17"),
        ("1988-05-17 00:00", "1988-05-17"),
        ("01.02.1990", "1990-02-01"),
        ("1. 2. 1990", "1990-02-01"),
        ("1.2.1990 12:00", "1990-02-01"),
        ("31/12/1990", "1990-12-31"),
        ("12/31/1990", "1990-12-31"),
        ("31-12-1990", "1990-12-31"),
        ("5/17/1988 12:00:00 AM", "1988-05-17"),
        ("2/2/1990", "1990-02-02"),
        ("--04-09", "--04-09"),
        ("--0409", "--04-09"),
        ("04-09", "--04-09"),
        ("--02-29", "--02-29"),
        ("9.4.", "--04-09"),
        ("0000-04-09", "--04-09"),
        ("1604-04-09", "--04-09"),
        ("0/0/00", None),
        ("0.0.00", None),
        ("00/00/0000", None),
        ("0000-00-00", None),
        ("1/1/4501", None),
        ("01.01.4501", None),
    ],
)
def test_a_day_is_read_as_programs_write_it(text: str, value: str | None) -> None:
    assert day(text, is_day_first=None) == Day(value)


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "1990", "31.02.1990", "30/30/1990", "2023-02-29", "1.1.10000", "1/2/3/4"),
        *("--13-01", "00.05.1990", "1990-00-05", "٢٠٢٠-٠١-٠١", "1" * 10_000, "1/2-1990"),
    ],
)
def test_another_text_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        day(text, is_day_first=None)


@pytest.mark.parametrize(
    ("is_day_first", "is_day_likely", "expected"),
    [
        (True, False, Day("1990-01-02")),
        (False, True, Day("1990-02-01")),
        (None, True, Day("1990-01-02", is_guess=True)),
        (None, False, Day("1990-02-01", is_guess=True)),
    ],
)
def test_which_of_day_and_month_is_first_is_told_by_other_days_or_guessed(
    is_day_first: bool | None, is_day_likely: bool, expected: Day
) -> None:
    for text in ("2/1/1990", "02-01-1990"):
        found = day(text, is_day_first=is_day_first, is_day_likely=is_day_likely)
        assert found == expected


def test_a_day_that_can_be_no_other_is_read_against_the_other_days() -> None:
    assert day("31/12/1990", is_day_first=False) == Day("1990-12-31")


@pytest.mark.parametrize(("text", "value"), [("1.2.90", "1990-02-01"), ("1.2.05", "2005-02-01")])
def test_a_year_of_two_digits_is_a_guess(text: str, value: str) -> None:
    assert day(text, is_day_first=True) == Day(value, is_guess=True)


@pytest.mark.parametrize(
    ("text", "is_day_first"),
    [
        ("31/12/1990", True),
        ("12/31/1990", False),
        ("1/2/1990", None),
        ("31/12", True),
        ("31.12.1990", None),
        ("32/33/1990", None),
        ("x", None),
    ],
)
def test_a_number_above_twelve_tells_the_order(text: str, is_day_first: bool | None) -> None:
    assert order(text) is is_day_first


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        (("1990", "2", "1"), "1990-02-01"),
        (("", "11", "5"), "--11-05"),
        (("0", "11", "05"), "--11-05"),
        (("", "", ""), None),
        (("0", "0", "0"), None),
    ],
)
def test_a_day_may_come_in_parts(parts: tuple[str, str, str], value: str | None) -> None:
    assert of_parts(*parts) == value


@pytest.mark.parametrize(
    "parts",
    [("1990", "", ""), ("", "", "5"), ("", "13", "1"), ("x", "1", "1"), ("9" * 99, "1", "1")],
)
def test_parts_that_are_no_day(parts: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        of_parts(*parts)


@given(
    st.dates(date(1605, 1, 1), date(2200, 1, 1)),
    st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d"]),
)
def test_every_date_is_read(value: date, form: str) -> None:
    assert day(f"{value:{form}}", is_day_first=None) == Day(value.isoformat())


@given(st.text(alphabet="0123456789/.-: T", max_size=12))
def test_any_text_is_a_day_or_none(text: str) -> None:
    try:
        found = day(text, is_day_first=None)
    except ValueError:
        return
    assert found.value is None or len(found.value) in (len("--01-01"), len("2000-01-01"))
