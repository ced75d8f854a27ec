"""What the fields take, and what they make of it."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import ValidationError

from contactsvc.web.fields import (
    MAX_ID,
    Id,
    Phone,
    PlainText,
    QueryInteger,
    Region,
    ShortList,
    Text,
)
from tests.support.fields import NO_TEXT, refused


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("Ada", "Ada"),
        ("  Ada \n", "Ada"),
        ("\u00a0Ada\u3000", "Ada"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("\U0001f469\u200d\U0001f4bb", "\U0001f469\u200d\U0001f4bb"),
        ("a\tb\nc", "a\tb\nc"),
        ("x" * 10, "x" * 10),
        ("x" * 10 + " ", "x" * 10),
        ("\U0001f600" * 10, "\U0001f600" * 10),
    ],
)
def test_text(given_: str, kept: str) -> None:
    assert Text(max_length=10).deserialize(given_) == kept


@pytest.mark.parametrize("value", [*NO_TEXT, "x" * 11, "a\0b", "\0", "\ud800", "a\udfffb", b"\xff"])
def test_text_refuses(value: Any) -> None:
    refused(Text(max_length=10), value)


def test_text_is_measured_after_trimming() -> None:
    assert Text(min_length=1, max_length=1).deserialize(" a ") == "a"
    refused(Text(min_length=1, max_length=10), "   ")
    refused(Text(min_length=1, max_length=10), "")


def test_untrimmed_text_stays_as_it_is() -> None:
    assert Text(max_length=10, trim=False).deserialize("  a\n") == "  a\n"
    refused(Text(max_length=3, trim=False), "a   ")


def test_text_that_must_stay_as_it_is_is_not_normalised() -> None:
    text = Text(max_length=10, trim=False, normalize=False)
    assert text.deserialize(" Zoe\u0308") == " Zoe\u0308"
    refused(text, "e\u0308" * 6)


def test_marks_without_end_are_refused_before_they_are_sorted() -> None:
    """Sorting a hundred thousand of them takes Python ten seconds."""
    notes = Text(max_length=10_000, trim=False)
    accepted = "e" + "\u0315\u0316" * 128
    assert notes.deserialize(accepted) == unicodedata.normalize("NFC", accepted)
    for marks in (257, 39_000, 2_000_000):
        refused(notes, "e" + "\u0315\u0316" * marks)


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        (" +44 20 7946 0958\n", "+44 20 7946 0958"),
        ("+44\u202f20\u20137946\u20110958", "+44 20-7946-0958"),
        ("tel:112", "112"),
        ("Mum: 7946 0958", "Mum: 7946 0958"),
        ("1" * 64, "1" * 64),
        ("\u200e" * 500 + "1" * 64, "1" * 64),
    ],
)
def test_phone(given_: str, kept: str) -> None:
    assert Phone().deserialize(given_) == kept


@pytest.mark.parametrize(
    "value",
    [
        *(*NO_TEXT, "", "+", "x", "tel:", "\u200b", "1\0", "1\x072", "tel:1%002", "1\ud800"),
        *("1" * 65, "1" + "\u200b" * 2000),
    ],
)
def test_phone_refuses(value: Any) -> None:
    refused(Phone(), value)


@given(st.text(max_size=80))
def test_a_phone_that_is_taken_stays_so(text: str) -> None:
    try:
        kept = Phone().deserialize(text)
    except ValidationError:
        return
    assert len(kept) <= 64  # the column
    assert Phone().deserialize(kept) == kept


@pytest.mark.parametrize(("given_", "kept"), [("GB", "GB"), (" ua ", "UA"), ("aq", "AQ")])
def test_region(given_: str, kept: str) -> None:
    assert Region().deserialize(given_) == kept


@pytest.mark.parametrize(
    "value", [*NO_TEXT, "UK", "GBR", "XK", "ZZ", "\u00df", "G\0", "\uff27\uff22"]
)
def test_region_refuses(value: Any) -> None:
    refused(Region(), value)


@pytest.mark.parametrize("text", ["", "Ada", "\u200b", "a\u200db", "a\u00a0b"])
def test_plain_text(text: str) -> None:
    kept = "" if text == "\u200b" else text
    assert PlainText(max_length=10).deserialize(text) == kept


@pytest.mark.parametrize("char", ["\x01", "\t", "\n", "\x7f", "\x85", "\u2028"])
def test_plain_text_refuses_control_characters(char: str) -> None:
    refused(PlainText(max_length=10), f"a{char}b")
    several = PlainText(max_length=10, several_lines=True)
    if char in "\n\u2028":
        assert several.deserialize(f"a{char}b") == f"a{char}b"
    else:
        refused(several, f"a{char}b")


def test_text_without_a_visible_character_is_null_where_null_is_allowed() -> None:
    for field in (Text(max_length=10, allow_none=True), PlainText(max_length=10, allow_none=True)):
        for nothing in (None, "", "  \n", "\u200b", "\u2800"):
            assert field.deserialize(nothing) is None
    for control in ("\x01", "\u200b\x85\u200b"):
        refused(PlainText(max_length=10, allow_none=True), control)


@pytest.mark.parametrize(("value", "number"), [("1", 1), ("007", 7), (str(MAX_ID), MAX_ID)])
def test_id(value: str, number: int) -> None:
    assert Id().deserialize(value) == number


ODD_NUMBERS = [
    *NO_TEXT,
    "",
    " 1",
    "1 ",
    "1\n",
    "+1",
    "1_0",
    "1.0",
    "1e3",
    "0x10",
    "one",
    "\u0661\u0662",
    "\uff11",
    "\u00b2",
    "9" * 21,
    "9" * 5000,
]


@pytest.mark.parametrize("value", [*ODD_NUMBERS, "0", "-1", str(2**63), str(2**64 + 1)])
def test_id_refuses(value: Any) -> None:
    refused(Id(), value)


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("-5", -5), ("200", 200)])
def test_query_integer(value: str, number: int) -> None:
    assert QueryInteger().deserialize(value) == number


@pytest.mark.parametrize("value", [*ODD_NUMBERS, "-", "--1"])
def test_query_integer_refuses(value: Any) -> None:
    refused(QueryInteger(), value)


def test_a_list_that_is_too_long_is_refused_before_an_entry_is_read() -> None:
    class Counted(Text):
        read = 0

        def deserialize(self, *given: Any, **more: Any) -> Any:
            Counted.read += 1
            return super().deserialize(*given, **more)

    field = ShortList(Counted(max_length=1), max_length=2)
    assert field.deserialize(["a", "b"]) == ["a", "b"]
    Counted.read = 0
    refused(field, ["a"] * 3)
    assert Counted.read == 0
    refused(field, "ab")
