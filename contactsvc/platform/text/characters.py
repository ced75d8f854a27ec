"""Characters that are written in several shapes, or not seen at all."""

import re
import unicodedata
from typing import Final

_PREPENDED: Final = frozenset(map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)))
"""Format characters (Cf) that are seen: Unicode's Prepended_Concatenation_Mark."""

IGNORABLE: Final = frozenset(
    map(
        chr,
        (
            *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065, 0x3164, 0xFFA0),
            *range(0x180B, 0x1810),
            *range(0xFE00, 0xFE10),
            *range(0xFFF0, 0xFFFC),
            *range(0xE0000, 0xE1000),
        ),
    )
)
"""Default_Ignorable_Code_Point beyond the category Cf: fillers, variation selectors, reserved."""

BLANK: Final = "\u2800"
"""BRAILLE PATTERN BLANK: a symbol by its category, a space by its looks."""

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""A control character (category Cc), or what ends a line as one does (Zl, Zp)."""

CONTROL_IN_LINE: Final = re.compile(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""A control character that does not end a line: CONTROL without LF, CR, U+2028 and U+2029."""

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
    if char in IGNORABLE:
        return True
    return unicodedata.category(char) == "Cf" and char not in _PREPENDED


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
    return all(map(_is_invisible, text))


def _is_invisible(char: str) -> bool:
    return bool(
        is_space(char) or is_ignorable(char) or CONTROL.match(char) or _is_noncharacter(char)
    )


def _is_noncharacter(char: str) -> bool:
    code = ord(char)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
