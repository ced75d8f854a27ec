"""Which character stands between the cells of a file."""

import csv
import re
from collections.abc import Callable
from typing import Final

DELIMITERS: Final = (",", ";", "\t", "|")

MAX_NAMES: Final = 1000
"""Names of columns that are looked at."""

_SEP: Final = re.compile(r'"?sep=(.)"?[,;\t]*\n?', re.IGNORECASE)


def declared_delimiter(line: str) -> str | None:
    """Return the delimiter that a line ``sep=;`` names for Excel, or None if it is another line."""
    found = _SEP.fullmatch(line)
    return found[1] if found and found[1] in DELIMITERS else None


def sniffed_delimiter(header: str, is_known: Callable[[str], bool]) -> str:
    """Return the delimiter of a file.

    Args:
        header: Its first line, with the names of the columns.
        is_known: Whether a name is one that address books have. The delimiter that gives the most
            of them is taken; among equals, the one that gives the most names.
    """

    def worth(delimiter: str) -> tuple[int, int]:
        names = cells(header, delimiter)
        return sum(map(is_known, names[:MAX_NAMES])), len(names)

    return max(DELIMITERS, key=worth)


def cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of one line; none if they cannot be read."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
