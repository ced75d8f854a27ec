"""What can be seen of a text."""

import sys
import unicodedata
from collections.abc import Iterable

from contactsvc.platform.text.characters import (
    CONTROL,
    CONTROL_IN_LINE,
    is_encodable,
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


def test_control_characters_are_those_of_unicode() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))

    assert CONTROL.findall(every) == characters_of({"Cc", "Zl", "Zp"})
    assert set(CONTROL.findall(every)) - set(CONTROL_IN_LINE.findall(every)) == set(
        "\n\r\u2028\u2029"
    )
    assert set(CONTROL_IN_LINE.findall(every)) < set(CONTROL.findall(every))
