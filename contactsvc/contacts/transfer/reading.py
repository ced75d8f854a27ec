"""Finds out what a file is, and reads its contacts."""

from collections.abc import Iterator, Mapping
from typing import IO, Any, Final, NamedTuple

from contactsvc.contacts.transfer.csv import reader as csv
from contactsvc.contacts.transfer.records import Read, Unreadable
from contactsvc.contacts.vcard.card import Card
from contactsvc.contacts.vcard.contact import to_read_contact
from contactsvc.contacts.vcard.reader import read_cards
from contactsvc.platform.errors import MalformedBody

CHUNK: Final = 64 * 1024
"""Bytes of a file that are read at a time."""

STEP: Final = 50
"""Contacts that take a step together (see batches.py)."""

_BEGIN: Final = b"BEGIN:VCARD"
_BLANK: Final = b"\0 \t\r\n\v\f\xef\xbb\xbf\xff\xfe"
"""White space and byte order marks, also as UTF-16 has them."""

_OTHERS: Final[Mapping[bytes, str]] = {
    b"PK\x03\x04": "a ZIP archive, or a spreadsheet",
    b"PK\x05\x06": "a ZIP archive",
    b"\xd0\xcf\x11\xe0": "a spreadsheet",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xd8\xff": "a picture",  # a JPEG, whose first byte is that of a mark, too
    b"GIF8": "a picture",
    b"!BDN": "an Outlook data file",
    b"SQLite format": "a database",
    b"{": "JSON",
    b"<": "XML",
}
"""What files that are neither begin with."""

_NEITHER: Final = "It is no vCard and no CSV file of contacts"


class Contents(NamedTuple):
    """A file that is being read.

    Args:
        reads: Its contacts, and what of it cannot be read; read while iterated.
        mapping: What becomes of each column of a CSV file; None for vCards.
    """

    reads: Iterator[Read]
    mapping: list[dict[str, Any]] | None


def contents(file: IO[bytes], mapping: Mapping[str, str] | None = None) -> Contents:
    """Return what is in a file, which may take some tenths of a second.

    What it is, its beginning decides, and neither its name nor its media type.

    Args:
        file: A file that can be read from its beginning.
        mapping: What columns of a CSV file are to be read as, by their names.

    Raises:
        MalformedBody: It is neither vCard nor CSV.
        ValidationFailed: The mapping names a column or a field that there is not.
    """
    head = _head(file)
    for magic, what in _OTHERS.items():
        if head.startswith(magic):
            raise MalformedBody(f"{_NEITHER}, but {what}.")
    file.seek(0)
    text = head.replace(b"\0", b"").upper()
    if text.startswith(_BEGIN):
        return Contents(_cards(file), None)
    try:
        return _table(file, mapping)
    except MalformedBody:
        if _BEGIN not in text:
            raise
    file.seek(0)
    return Contents(_cards(file), None)


def _table(file: IO[bytes], mapping: Mapping[str, str] | None) -> Contents:
    """Return what is in a CSV file, of which a cell may have a whole card."""
    book = csv.read(_chunks(file), mapping)
    columns = [{"column": each.name, "field": str(each.target)} for each in book.columns]
    return Contents(book.contacts, columns)


def _head(file: IO[bytes]) -> bytes:
    """Return the first bytes of a file that are not blank, CHUNK at the most."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        if head := chunk.lstrip(_BLANK):
            return head + file.read(CHUNK - len(head))
    raise MalformedBody(f"{_NEITHER}: there is nothing in it.")


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(CHUNK):
        yield chunk


def _cards(file: IO[bytes]) -> Iterator[Read]:
    """Yield contacts; up to STEP cards of a chunk are read before the first of them becomes one.

    The processor's caches have room for the code of one of the two steps, and not of both.
    """
    cards: list[Card | Unreadable] = []
    place = 0
    for card in read_cards(_chunks(file)):
        if file.tell() != place or len(cards) == STEP:
            place = file.tell()
            yield from map(_contact, cards)
            cards.clear()
        cards.append(card)
    yield from map(_contact, cards)


def _contact(card: Card | Unreadable) -> Read:
    return card if isinstance(card, Unreadable) else to_read_contact(card)
