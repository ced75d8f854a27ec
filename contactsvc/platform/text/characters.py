"""Characters that are written in several shapes, or not seen at all."""

import re
import unicodedata
from typing import Final

_FORMAT: Final = (
    "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
)
"""The category Cf of Unicode 16, less what is seen: the Prepended_Concatenation_Mark of Arabic and
Syriac."""

_FILLERS: Final = (
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0"
    "\ufff0-\ufffb\U000e0000-\U000e0fff"
)
"""Default_Ignorable_Code_Point beyond the category Cf: fillers, variation selectors, reserved."""

_NONCHARACTERS: Final = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane | 0xFFFE)}-{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)

BLANK: Final = "\u2800"
"""BRAILLE PATTERN BLANK: a symbol by its category, a space by its looks."""

_CONTROL: Final = r"\x00-\x1f\x7f-\x9f\u2028\u2029"

CONTROL: Final = re.compile(f"[{_CONTROL}]")
"""A control character (category Cc), or what ends a line as one does (Zl, Zp)."""

CONTROL_IN_LINE: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""A control character that does not end a line: CONTROL without LF, CR, U+2028 and U+2029."""

_IGNORABLE: Final = re.compile(f"[{_FORMAT}{_FILLERS}]")
_VISIBLE: Final = re.compile(f"[^\\s{BLANK}{_CONTROL}{_FORMAT}{_FILLERS}{_NONCHARACTERS}]")

_SHAPES: Final = {
    "'": (
        *"\u0060\u00b4\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u0374\u055a\u05f3",
        *"\u2018\u2019\u201b\u2032\u2035\ua78b\ua78c\uff07\uff40",
    ),
    "-": (
        *"\u058a\u05be\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212",
        *"\u2796\ufe31\ufe32\ufe58\ufe63\uff0d",
    ),
}

APOSTROPHES_AND_HYPHENS: Final = str.maketrans(
    {shape: plain for plain, shapes in _SHAPES.items() for shape in shapes}
)
"""What keyboards and word processors write for an apostrophe and for a hyphen."""


def is_ignorable(char: str) -> bool:
    """Return whether a character has no looks of its own, such as a direction mark."""
    return _IGNORABLE.match(char) is not None


def is_space(char: str) -> bool:
    """Return whether a character is seen as a space, or as the end of a line."""
    return char.isspace() or char == BLANK


def is_encodable(text: str) -> bool:
    """Return whether a text can be written in UTF-8.

    Python keeps other bytes of arguments and the environment as lone surrogates (PEP 383).
    """
    return not any("\ud800" <= char <= "\udfff" for char in text)


def nothing_visible(text: str) -> bool:
    """Return whether nothing of a text can be seen."""
    if text.isascii() and text.isprintable():
        return not text.strip(" ")
    return _VISIBLE.search(text) is None


def longest_run_of_marks(text: str) -> int:
    """Return how many combining marks (canonical combining class not 0) are in a row at most."""
    classes = bytes(map(unicodedata.combining, text))  # each is less than 255
    return max(map(len, classes.split(b"\0")))
