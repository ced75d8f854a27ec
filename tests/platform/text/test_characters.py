"""What can be seen of a text."""

import pytest

from contactsvc.platform.text.characters import is_control, nothing_visible

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


@pytest.mark.parametrize(
    ("chars", "control"), [("\0\x07\t\n\x1b\x7f\x85\u2028\u2029", True), (" \u200b\u202ea", False)]
)
def test_control_characters(chars: str, control: bool) -> None:
    assert {is_control(char) for char in chars} == {control}
