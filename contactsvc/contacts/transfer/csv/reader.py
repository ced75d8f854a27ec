"""CSV files of address books as contacts."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Final, NamedTuple

from contactsvc.contacts.transfer.csv import dates
from contactsvc.contacts.transfer.csv.columns import Column, Columns, columns
from contactsvc.contacts.transfer.csv.decoding import decoded
from contactsvc.contacts.transfer.csv.dialect import (
    MAX_NAMES,
    declared_delimiter,
    sniffed_delimiter,
)
from contactsvc.contacts.transfer.csv.headers import is_known
from contactsvc.contacts.transfer.csv.lines import Lines
from contactsvc.contacts.transfer.csv.records import Record, records
from contactsvc.contacts.transfer.csv.rows import Rows
from contactsvc.contacts.transfer.csv.targets import given
from contactsvc.contacts.transfer.records import Read
from contactsvc.platform.errors import MalformedBody

LOOKAHEAD_ROWS: Final = 1000
"""Rows that are read ahead to find out whether days stand before months."""
ROWS_OF_PROSE: Final = 10
"""Rows that may stand before the header."""
NAMES_OF_A_HEADER: Final = 3
"""Names that such a header has of those that address books have."""
LOOKAHEAD_CHARACTERS: Final = 1024 * 1024


class AddressBook(NamedTuple):
    """A file that is being read."""

    columns: tuple[Column, ...]
    """What its columns are read as."""
    contacts: Iterator[Read]
    """Its contacts and what cannot be read, in their order; read while iterated."""


def read(chunks: Iterable[bytes], mapping: Mapping[str, str] | None = None) -> AddressBook:
    """Return the contacts of a file.

    Args:
        chunks: The file; a few mebibytes of it are held at once.
        mapping: What columns are to be read as, by their names, in the words of
            :func:`contactsvc.contacts.transfer.csv.targets.parsed`; other columns by their names.

    Raises:
        MalformedBody: It is no CSV file of contacts: neither its first line nor one of the next few
            has names of columns that name anybody.
        ValidationFailed: The mapping names a column or a field that there is not.
    """
    lines = Lines(decoded(chunks))
    found = records(lines, _delimiter(lines))
    header = next(found, None)
    if header is None or not header.cells:
        raise MalformedBody("The file is empty, or its first line cannot be read.")
    targets = given(mapping or {})
    try:
        of_file = columns(header.cells, targets)
    except MalformedBody:
        names = _names_below(found)
        if names is None:
            raise
        of_file = columns(names, targets)
    return AddressBook(tuple(of_file.columns), _contacts(of_file, found))


def _names_below(found: Iterator[Record]) -> list[str] | None:
    """Return the first row that looks like a header; LinkedIn writes some lines of prose before it.

    None is given where none of the first ROWS_OF_PROSE does.
    """
    for record in islice(found, ROWS_OF_PROSE):
        if sum(map(is_known, record.cells[:MAX_NAMES])) >= NAMES_OF_A_HEADER:
            return record.cells
    return None


def _delimiter(lines: Lines) -> str:
    """Return the delimiter, and leave the header as the next line."""
    while (line := lines.take()) is not None:
        if declared := declared_delimiter(line.text):
            return declared
        if line.text.strip():
            lines.put_back([line])
            return sniffed_delimiter(line.text, is_known)
    return ","


def _contacts(of_file: Columns, found: Iterator[Record]) -> Iterator[Read]:
    ahead = _ahead(found)
    rows = Rows(of_file, _is_day_first(of_file.columns, ahead))
    return filter(None, map(rows.contact, chain(ahead, found)))


def _ahead(found: Iterator[Record]) -> list[Record]:
    ahead, length = list[Record](), 0
    for record in found:
        ahead.append(record)
        length += sum(map(len, record.cells))
        if len(ahead) >= LOOKAHEAD_ROWS or length >= LOOKAHEAD_CHARACTERS:
            break
    return ahead


def _is_day_first(names: Iterable[Column], ahead: list[Record]) -> bool | None:
    """Return whether a day of the first rows tells that days stand before months, or after."""
    places = [i for i, (_, target) in enumerate(names) if target.field in ("birthday", "dates")]
    cells = (row.cells[i].strip() for row in ahead for i in places if i < len(row.cells))
    told = {order for cell in cells if cell and (order := dates.order(cell)) is not None}
    return told.pop() if len(told) == 1 else None
