"""Lines as records: rows of cells, of which a broken one costs itself alone."""

import csv
import string
from collections.abc import Iterator
from typing import Final, NamedTuple

from contactsvc.contacts.transfer.csv.lines import MAX_LINE_LENGTH, Line, Lines

TOO_LONG: Final = f"This row has more than {MAX_LINE_LENGTH} characters."
CELL_TOO_LONG: Final = "A cell of this row is too long."
NOT_CLOSED: Final = "A quotation mark is not closed: quotation marks are read as they stand."


class Record(NamedTuple):
    """A row."""

    line: int
    """The line on which it begins, counted from 1."""
    cells: list[str]
    """What it says; empty where nothing of it can be read."""
    remark: str = ""
    """Why nothing can be read, or what was read otherwise than it stands; or empty."""


def records(lines: Lines, delimiter: str) -> Iterator[Record]:
    """Yield the rows (RFC 4180), without those that are empty.

    A cell in quotes may have several lines. Where its closing quote is followed by anything but a
    delimiter, or never comes, the row ends with its first line, and the next line begins a row of
    its own. So each line is read three times at most, however the quotes stand.
    """
    empty = delimiter + string.whitespace
    single_until = 0
    while (first := lines.take()) is not None:
        if first.is_too_long:
            yield Record(first.number, [], TOO_LONG)
        elif first.text.strip(empty):
            record, last = _record(first, lines, delimiter, is_single=first.number < single_until)
            single_until = max(single_until, last)
            yield record


def _record(first: Line, lines: Lines, delimiter: str, *, is_single: bool) -> tuple[Record, int]:
    """Return the row that begins with a line, and the number of the line at which it was given up.

    The number is 0 where the row has been read whole.
    """
    taken = [first]
    following = _following(taken, lines, 0 if is_single else MAX_LINE_LENGTH)
    try:
        return Record(
            first.number, next(csv.reader(following, delimiter=delimiter, strict=True))
        ), 0
    except csv.Error:
        lines.put_back(taken[1:])
        return _one_line(first, delimiter), taken[-1].number


def _following(taken: list[Line], lines: Lines, most: int) -> Iterator[str]:
    """Yield the first of the lines, and those after it while they have so many characters."""
    yield taken[0].text
    length = len(taken[0].text)
    while length < most and (line := lines.take()) is not None:
        taken.append(line)
        if line.is_too_long:
            return
        length += len(line.text)
        yield line.text


def _one_line(line: Line, delimiter: str) -> Record:
    """Return a line as a row of its own, however its quotes stand."""
    try:
        rows = list(csv.reader([line.text, "."], delimiter=delimiter))
        if len(rows) == 1:
            literal = csv.reader([line.text], delimiter=delimiter, quoting=csv.QUOTE_NONE)
            return Record(line.number, next(literal), NOT_CLOSED)
    except csv.Error:
        return Record(line.number, [], CELL_TOO_LONG)
    return Record(line.number, rows[0])
