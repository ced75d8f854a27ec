"""Numbers that exist: the same ones as ``phonenumbers`` finds, and as it writes them."""

import re
from typing import Final

import phonenumbers
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers.phonenumberutil import COUNTRY_CODE_TO_REGION_CODE, SUPPORTED_REGIONS

from contactsvc.platform.text.numbering_plans import Number, find

_REGIONS: Final = sorted(SUPPORTED_REGIONS)
_FORMATS: Final = (
    phonenumbers.PhoneNumberFormat.E164,
    phonenumbers.PhoneNumberFormat.INTERNATIONAL,
    phonenumbers.PhoneNumberFormat.NATIONAL,
)
_KINDS: Final = sorted(phonenumbers.PhoneNumberType.values())


def by_library(text: str, region: str | None) -> Number | None:
    """Return what ``phonenumbers`` itself says, in its own words."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    significant = phonenumbers.national_significant_number(number)
    return Number(number.country_code or 0, significant, re.sub("[^0-9]", "", national))


def _examples() -> list[tuple[str, str]]:
    """Return numbers of every kind of every region in every format, with the region."""
    return [
        (phonenumbers.format_number(number, form), region)
        for region in _REGIONS
        for kind in _KINDS
        if (number := phonenumbers.example_number_for_type(region, kind)) is not None
        for form in _FORMATS
    ]


EXAMPLES: Final = _examples()


@pytest.mark.slow
def test_a_number_of_every_kind_everywhere() -> None:
    differing = [
        (text, region)
        for text, region in EXAMPLES
        if find(text, region) != by_library(text, region)
    ]
    assert differing == []


def test_of_numbers_that_span_the_world() -> None:
    for code, regions in COUNTRY_CODE_TO_REGION_CODE.items():
        if regions[0] == "001":
            number = phonenumbers.example_number_for_non_geo_entity(code)
            assert number is not None
            text = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            assert find(text, None) == by_library(text, None) is not None


@settings(max_examples=200)
@given(
    st.sampled_from(EXAMPLES),
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from([*"0123456789", "", " ", "00"]))),
    st.sampled_from([None, "GB", "US", "IT", "AR", "BR", "MX", "gb", "AQ", "GG", *_REGIONS]),
)
@pytest.mark.slow
def test_a_number_with_other_digits(
    known: tuple[str, str], changes: list[tuple[int, str]], elsewhere: str | None
) -> None:
    text, region = known
    for place, instead in changes[:4]:
        text = text[:place] + instead + text[place + 1 :]
    for dialled_in in (region, elsewhere):
        assert find(text, dialled_in) == by_library(text, dialled_in)


@settings(max_examples=200)
@example("(+44) 20 7946 0958", "GB")
@example("+44 (0) 20 7946 0958", None)
@example("44 20 7946 0958", "GB")
@example("+39 06 698 12345", None)
@example("0 11 15 2345 6789", "AR")
@example("+018002345678", None)
@given(st.text("+0123456789 ().-/[]~x,;#", max_size=24), st.sampled_from([None, *_REGIONS]))
def test_any_text_of_such_characters(text: str, region: str | None) -> None:
    assert find(text, region) == by_library(text, region)


@pytest.mark.parametrize("text", ["+442079460958", "+44 20 7946 0958", "020 7946 0958"])
def test_what_is_common_needs_no_library(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("phonenumbers.parse")
    assert find(text, "GB") == Number(44, "2079460958", "02079460958")
