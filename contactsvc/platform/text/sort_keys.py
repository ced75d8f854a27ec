"""Sort keys by the Unicode Collation Algorithm (UTS #10), with the weights of its default table.

They are made here and not by the database, whose collations change under its indexes with every
new release of ICU or libc, and which may have none. Key and collation table belong together:
another table means that all keys must be made anew.
"""

import functools
import struct
import unicodedata
from typing import Final

from contactsvc.platform.text.collation import Collator

MAX_LENGTH: Final = 1000
"""Bytes of a key: enough for the letters of two names of 100. A row of a PostgreSQL index has 2,704
at the most, and room for other columns is left. Rows that are equal so far are ordered by id."""
MAX_CHARACTERS: Final = 254
"""Characters of a text that count. No column that is sorted by is longer."""

_BETWEEN_LEVELS: Final = b"\0\0", b"\0"
"""Separators after the primary and the secondary weights, of their width; less than any weight."""
_BETWEEN_TEXTS: Final = b"\0\1", b"\1", b"\1"
"""Separators between the texts, for each level; less than any weight. So Bell stands before Bella
whatever their first names."""
_COMMON: Final = b"\2"
"""The weight of a letter without accent, and of a small one; the least that there is."""
_SECONDARY_BASE: Final = 0x1E
"""Secondary weights begin with 0x20 and end with 0x115: less this, each is a byte from 2 on."""

Levels = tuple[bytes, bytes, bytes]


@functools.cache
def collator() -> Collator:
    """Return the collation table, which takes some hundredths of a second to read."""
    return Collator()


def sort_key(*texts: str) -> bytes:
    """Return a key whose bytes compare as the texts do, the first before the second.

    The texts are merged level by level (UTS #10, 1.6): the letters of all of them count before the
    accents of any, and those before case. So Bell, Eva stands before bell, Zoë.
    """
    primary, secondary, tertiary = zip(*map(_levels, texts), strict=True)
    between_primary, between_secondary, between_tertiary = _BETWEEN_TEXTS
    after_primary, after_secondary = _BETWEEN_LEVELS
    key = between_primary.join(primary) + after_primary
    key += between_secondary.join(secondary) + after_secondary
    return (key + between_tertiary.join(tertiary))[:MAX_LENGTH]


def same_letters(*texts: str) -> bytes:
    """Return what the keys of all texts with these letters begin with, whatever accents and case.

    Args:
        texts: As for :func:`sort_key`.
    """
    primary = _BETWEEN_TEXTS[0].join([_levels(text)[0] for text in texts])
    return (primary + _BETWEEN_LEVELS[0])[:MAX_LENGTH]


@functools.lru_cache(maxsize=2048)
def _levels(text: str) -> Levels:
    """Return the weights of a text, level by level, without the common ones at the end."""
    text = text[:MAX_CHARACTERS]
    if text.isascii():  # no character of ASCII is weighed together with another one
        codes = text.encode()
        primary, secondary, tertiary = (
            b"".join([level[code] for code in codes]) for level in _ascii_levels()
        )
    else:
        primary, secondary, tertiary = _weights(unicodedata.normalize("NFD", text))
    return primary, secondary.rstrip(_COMMON), tertiary.rstrip(_COMMON)


@functools.cache
def _ascii_levels() -> tuple[list[bytes], ...]:
    """Return for each level the weights of every character of ASCII, by its code."""
    return tuple(map(list, zip(*map(_weights, map(chr, range(128))), strict=True)))


def _weights(normal: str) -> Levels:
    elements = collator().collation_elements(normal)
    primary = [element[0] for element in elements if element[0]]
    return (
        struct.pack(f">{len(primary)}H", *primary),
        bytes(element[1] - _SECONDARY_BASE for element in elements if element[1]),
        bytes(element[2] for element in elements if element[2]),
    )
