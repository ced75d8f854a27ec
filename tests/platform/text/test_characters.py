"""What can be seen of a text."""

import sys
import unicodedata
from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.platform.text.characters import (
    BLANK,
    CONTROL,
    CONTROL_IN_LINE,
    is_encodable,
    is_ignorable,
    nothing_visible,
)

NOTHING = [
    *("", " ", "\u00a0\u3000", "\t\n", "\u2028", "\u200b", "\ufeff", "\u2060\u200d", "\u00ad"),
    *("\u3164", "\u115f\u1160", "\uffa0", "\u2800", "\ufe0f", "\U000e0100", "\U000e0041"),
    *("\u202e\u202c", "\u061c", "\u034f", "\u180e", "\u17b4", "\ufff9", "\ufffe \U0010ffff"),
    "\x01\x02",
]
SOMETHING = [
    "a",
    " a ",
    "\u200ba",
    ".",
    "\u0301",
    "\u0600",
    "\u06dd",
    "\u2764\ufe0f",
    "\u2801",
    "\ufffd",
]


def test_nothing_visible() -> None:
    assert [text for text in NOTHING if not nothing_visible(text)] == []
    assert [text for text in SOMETHING if nothing_visible(text)] == []


def test_lone_surrogates_cannot_be_encoded() -> None:
    assert [
        text for text in ("", "caf\u00e9", "\ud7ff\ue000\U00010000") if not is_encodable(text)
    ] == []
    assert [text for text in ("\ud800", "caf\udce9", "\udfff") if is_encodable(text)] == []


def characters_of(categories: Iterable[str]) -> list[str]:
    every = map(chr, range(sys.maxunicode + 1))
    return [char for char in every if unicodedata.category(char) in categories]


@pytest.mark.slow
def test_control_characters_are_those_of_unicode() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))

    assert CONTROL.findall(every) == characters_of({"Cc", "Zl", "Zp"})
    assert set(CONTROL.findall(every)) - set(CONTROL_IN_LINE.findall(every)) == set(
        "\n\r\u2028\u2029"
    )
    assert set(CONTROL_IN_LINE.findall(every)) < set(CONTROL.findall(every))


# Default_Ignorable_Code_Point beyond Cf, from DerivedCoreProperties.txt.
FILLERS = {*"\u034f\u115f\u1160\u17b4\u17b5\u2065\u3164\uffa0"} | {
    chr(code)
    for first, last in ((0x180B, 0x180F), (0xFE00, 0xFE0F), (0xFFF0, 0xFFFB), (0xE0000, 0xE0FFF))
    for code in range(first, last + 1)
}
SEEN_FORMAT = {*"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"}
NONCHARACTERS = {chr(code) for code in range(0xFDD0, 0xFDF0)} | {
    chr(plane | last) for plane in range(0, 0x110000, 0x10000) for last in (0xFFFE, 0xFFFF)
}
# The other planes have ideographs and private use alone.
WITH_SIGNS = [chr(code) for code in (*range(0x20000), *range(0xE0000, 0xF0000))]


def has_no_looks(char: str) -> bool:
    """Return what the properties of Unicode say, one by one."""
    return char in FILLERS or (unicodedata.category(char) == "Cf" and char not in SEEN_FORMAT)


def cannot_be_seen(char: str) -> bool:
    space = char.isspace() or char == BLANK or CONTROL.match(char)
    return has_no_looks(char) or bool(space) or char in NONCHARACTERS


@pytest.mark.parametrize(
    ("function", "rule"), [(is_ignorable, has_no_looks), (nothing_visible, cannot_be_seen)]
)
def test_what_cannot_be_seen_is_as_unicode_says(
    function: Callable[[str], bool], rule: Callable[[str], bool]
) -> None:
    every = WITH_SIGNS + sorted(NONCHARACTERS)
    differing = {char for char in every if function(char) is not rule(char)}
    # A newer Unicode than this Python's has given a character to a place that has none here.
    assert differing <= {chr(code) for code in range(0x13430, 0x13440)}
    assert {char for char in differing if unicodedata.category(char) != "Cn"} == set()


INVISIBLE = st.sampled_from(
    sorted(FILLERS | NONCHARACTERS | {*" \n\x00\x85\xa0\u2800\u200b\ufeff\u202e\U000e0001"})
)
ANY = INVISIBLE | st.characters(exclude_categories=["Cn", "Cs"])


@given(st.text(INVISIBLE, max_size=30), st.text(ANY, max_size=3))
def test_a_text_is_seen_where_any_of_its_characters_is(before: str, after: str) -> None:
    text = before + after
    assert nothing_visible(text) is all(map(cannot_be_seen, text))
