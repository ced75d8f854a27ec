"""Dates in all the forms in which they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.vcard.dates import is_plain, read_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1984-02-29", "1984-02-29"),
        ("19840229", "1984-02-29"),
        ("1984-2-9", "1984-02-09"),
        ("--0229", "--02-29"),
        ("--02-29", "--02-29"),
        ("19531015T231000Z", "1953-10-15"),
        ("1953-10-15T23:10:00+02:00", "1953-10-15"),
        ("1953-10-15 00:00:00", "1953-10-15"),
        ("--1015T2310", "--10-15"),
        ("1604-07-14", "1604-07-14"),
    ],
)
def test_a_day_is_read(text: str, day: str) -> None:
    assert read_date(text) == day
    assert is_plain(day)


@pytest.mark.parametrize(
    "text",
    [
        *("", "1985", "1985-04", "--04", "---15", "T102200", "circa 1800", "19840230", "--0230"),
        *("0000-01-01", "1984-02-29x", "1984-13-01", "198402290", "١٩٨٤-٠٢-٢٩", "1984-02-29T\n"),
    ],
)
def test_what_tells_no_day_is_no_date(text: str) -> None:
    assert read_date(text) is None


def test_a_year_may_stand_for_none() -> None:
    assert read_date("1604-02-29", "1604") == "--02-29"
    assert read_date("1984-02-29", "1604") == "1984-02-29"


def test_other_forms_are_not_plain() -> None:
    assert not is_plain("19840229")


@given(st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True), st.booleans())
def test_extended_and_basic_form_say_the_same(text: str, is_omitted: bool) -> None:
    year = text[:4] if is_omitted else "1604"
    assert read_date(text, year) == read_date(text.replace("-", ""), year)
