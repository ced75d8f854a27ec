"""Numbers as people type and paste them, and what is made of them."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.platform.text.phone_numbers import (
    Phone,
    digits,
    international_digits,
    is_dialled,
    read,
    search_text,
    tidy,
)

LONDON = "+442079460958"

TIDIED = {
    "+44 20 7946 0958": "+44 20 7946 0958",
    " \t+44\t20  7946\u00a00958\r\n": "+44 20 7946 0958",
    "+44\u202f20\u202f7946\u202f0958": "+44 20 7946 0958",
    "+44\u201120\u20137946\u20120958": "+44-20-7946-0958",
    "+44\u221220\uff0d7946\ufe630958": "+44-20-7946-0958",
    "03\u301c1234\u2e3a5678": "03-1234-5678",
    "\u202a+44 20 7946 0958\u202c": "+44 20 7946 0958",
    "\u2066\u200e+44 20 7946 0958\u200f\u2069": "+44 20 7946 0958",
    "+44\u200b20\ufeff7946\u00ad0958": "+442079460958",
    "\uff0b\uff14\uff14\u3000\uff08\uff10\uff09\uff12\uff10\uff0f1": "+44 (0)20/1",
    "\u207a44 20": "+44 20",
    "+\u0664\u0664 \u0662\u0660": "+44 20",
    "+\u06f4\u06f4 \u0968\u0966": "+44 20",
    "\U0001d7ce\U0001d7d7": "09",
    "\u301090\u3011\u2e2812\u2e29": "(90)(12)",
    "090\u30fc1234\u30fc5678": "090-1234-5678",
    "\u30b1\u30fc\u30bf\u30a4090": "\u30b1\u30fc\u30bf\u30a4090",
    "03\u30fb1234\u00b75678": "03.1234.5678",
    "0\ufe0f\u20e34\ufe0f\u20e3": "04",
    "tel:+44-20-7946-0958": "+44-20-7946-0958",
    "TEL:%2B44%2020%207946%200958": "+44 20 7946 0958",
    "tel://+442079460958": "+442079460958",
    "tel:%ff1": "\ufffd1",
    "Zo\u00eb 1": "Zo\u00eb 1",
    "*100#": "*100#",
    "": "",
}


def test_tidy(subtests: pytest.Subtests) -> None:
    for typed, tidied in TIDIED.items():
        with subtests.test(typed=typed):
            assert tidy(typed) == tidied
            assert tidy(tidied) == tidied


READ: list[tuple[str, str | None, str | None]] = [
    # As it was typed, where it is dialled, and its E.164.
    ("+44 20 7946 0958", None, LONDON),
    ("+44 (0) 20 7946 0958", None, LONDON),
    ("(+44) 20.7946/0958", None, LONDON),
    ("+44 20 7946 0958", "US", LONDON),
    ("020 7946 0958", "GB", LONDON),
    ("0044 20 7946 0958", "GB", LONDON),
    ("011 44 20 7946 0958", "US", LONDON),
    ("+39 06 698 12345", None, "+390669812345"),
    ("020 7946 0958", None, None),
    ("020 7946 0958", "US", None),
    ("020 7946 0958", "AQ", None),  # which has no plan
    ("7946 0958", "GB", None),
    ("112", "GB", None),
    ("+1 555 2671", None, None),
    ("+44 1111", None, None),
    ("+49 12", None, None),
    ("+4915123456789012", None, None),
    ("+2347008878767009", None, None),  # which exists by its plan, with 16 digits
    ("+4966850062909205", None, None),
    ("+49" + "1" * 13, None, None),
    ("+999 123 456 789", None, None),
    ("+44 20 7946 0958 ext. 5", None, None),
    ("+44 20 7946 0958;ext=5", None, None),
    ("+44 20 7946 0958, +44 20 7946 0959", None, None),
    ("++44 20 7946 0958", None, None),
    ("1-800-FLOWERS", "US", None),
    ("*100#", "GB", None),
    ("+", None, None),
    ("0" * 64, "GB", None),
]


def test_read(subtests: pytest.Subtests) -> None:
    for value, region, e164 in READ:
        with subtests.test(value=value, region=region):
            phone = read(value, region)
            assert phone == Phone(value, e164)
            assert phone.shown == (e164 or value)


@given(st.text("+0123456789 ().-/[]~x", max_size=64), st.sampled_from([None, "GB", "US", "AQ"]))
def test_what_is_called_e164_is_that(text: str, region: str | None) -> None:
    e164 = read(tidy(text), region).e164
    if e164 is not None:
        assert e164[0] == "+"
        assert e164[1:].isdecimal()
        assert len(e164) <= 16
        assert phonenumbers.is_valid_number(phonenumbers.parse(e164))


@given(st.text(max_size=64), st.sampled_from([None, "GB", "US"]))
def test_any_text_can_be_searched_for(text: str, region: str | None) -> None:
    phone = read(tidy(text), region)
    assert digits(text) in search_text(phone, region)
    assert len(search_text(phone, region)) <= 512  # the column
    international_digits(text, region)


SEARCH_TEXTS = {
    ("+44 20 7946 0958", None): "+44 20 7946 0958 00442079460958 02079460958",
    ("020 7946 0958", "GB"): "020 7946 0958 02079460958 00442079460958",
    ("020 7946 0958", None): "020 7946 0958 02079460958",
    ("0044 20 7946 0958", None): "0044 20 7946 0958 00442079460958 02079460958",
    ("+1 555 2671", None): "+1 555 2671 0015552671",
    ("1-800-FLOWERS", "US"): "1-800-flowers 0018003569377",
    ("112", "GB"): "112 112",
}


def test_search_text(subtests: pytest.Subtests) -> None:
    for (value, region), text in SEARCH_TEXTS.items():
        with subtests.test(value=value, region=region):
            assert search_text(read(value, region), region) == text


def test_the_same_number_is_dialled_differently_elsewhere() -> None:
    """As where an account has moved: what was made for one region says nothing of another."""
    phone = Phone("020 7946 0958", None)
    in_britain, elsewhere = search_text(phone, "GB"), search_text(phone, None)
    assert in_britain == "020 7946 0958 02079460958 00442079460958"
    assert elsewhere == "020 7946 0958 02079460958"


def test_words_that_are_dialled() -> None:
    dialled = ["0044", "+44", "(020)", "7946\u20110958", "\u0667\u0669", "tel:+44", "-", "[1]"]
    assert [word for word in dialled if not is_dialled(word)] == []
    assert [word for word in ("a1", "1a", "100%", "1,2", "'", "_") if is_dialled(word)] == []


def test_international_digits() -> None:
    assert international_digits("+44(0)20 7946 0958", None) == LONDON[1:]
    assert international_digits("011 44 20 7946 0958", "US") == LONDON[1:]
    assert international_digits("7946", "GB") is None


@given(st.text("+0123456789 ().-/", max_size=20))
def test_what_is_tidy_stays_as_it_is(text: str) -> None:
    assert tidy(text) == tidy(f"{text}\u200b") == " ".join(text.split())
