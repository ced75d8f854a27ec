"""Unfolds the lines of a card into content lines, before anything is decoded.

A character may stand on both sides of a fold, so folds are taken out of bytes (RFC 6350, 3.2).
"""

import re
from typing import Final

from contactsvc.contacts.vcard.envelopes import BEGIN, Envelope, mark
from contactsvc.contacts.vcard.heads import head_length, read_head

MAX_CONTENT_LINES: Final = 20_000
"""Content lines of a card."""

_WHITESPACE: Final = frozenset({b" ", b"\t"})
_BASE64_LINE: Final = re.compile(rb"[A-Za-z0-9+/]+=*")
_FOLDS: Final = (b"\n ", b"\n\t")
_NO_COLON_BEFORE_FOLD: Final = re.compile(rb"(?:\A|\n)[^ \t\n:][^\n:]*\n[ \t]")
_BLANK: Final = " \t\x0b\x0c"
_HEAD_MAX_LENGTH: Final = 1000
_HEAD_MAX_PIECES: Final = 20
OLD: Final = "2.1"
_VERSIONS: Final = (OLD, "3.0", "4.0")

ContentLine = tuple[int, bytes]
"""The number of its first line, and its bytes."""


class TooManyLines(Exception):
    """A card has more than MAX_CONTENT_LINES content lines."""


def version_of(envelope: Envelope) -> str:
    """Return the version of a card: 2.1, 3.0 or 4.0; 3.0 if it does not tell."""
    for line in envelope.lines:
        if line[:8].upper() == b"VERSION:":
            version = line[8:20].strip().decode("ascii", "replace")
            return version if version in _VERSIONS else "3.0"
    return "3.0"


def plain_texts(envelope: Envelope, *, is_old: bool) -> list[str] | None:
    """Return the content lines of a card of which all bytes are UTF-8, as most are.

    That takes half the time of :func:`content_lines`. None is given for a card that has anything
    but plain folds in it.

    Raises:
        TooManyLines: There are more than MAX_CONTENT_LINES.
    """
    if envelope.has_inside:
        return None
    data = b"\n".join(envelope.lines)
    upper = data.upper()
    if b"QUOTED-PRINTABLE" in upper or b"CHARSET=" in upper or b"\0" in data:
        return None
    try:
        texts = _unfolded(data, is_old).decode().split("\n")
    except ValueError:  # also if it is no UTF-8
        return None
    if "" in texts:
        texts = [text for text in texts if text.strip(_BLANK)]
    if len(texts) > MAX_CONTENT_LINES:
        raise TooManyLines
    return None if [text for text in texts if ":" not in text] else texts


def _unfolded(data: bytes, is_old: bool) -> bytes:
    """Return plain lines without folds.

    Raises:
        ValueError: A fold is not plain: there is nothing or a blank line before it, or one without
            a colon, which may itself be the rest of a value in base64.
    """
    if data[:1].isspace():
        raise ValueError(data[:100])
    folds = [fold for fold in _FOLDS if fold in data]
    if folds and _NO_COLON_BEFORE_FOLD.search(data) is not None:
        raise ValueError(data[:100])
    for fold in folds:
        if b"\n" + fold in data:
            raise ValueError(fold)
        data = data.replace(fold, fold[1:] if is_old else b"")
    return data


def content_lines(envelope: Envelope, *, is_old: bool) -> list[ContentLine]:
    """Return the content lines of a card.

    Up to vCard 2.1 a line is folded before white space, which is part of it (RFC 822, 3.1.1); from
    3.0 on, a fold adds the white space. A line in quoted-printable goes on after ``=`` at its
    end (RFC 2045, 6.7). The base64 of vCard 2.1 may begin on the next line and go on without white
    space. A card inside is the value of the line before it, with its line ends.

    Raises:
        TooManyLines: There are more than MAX_CONTENT_LINES.
    """
    unfolding = _Unfolding(is_old)
    for number, line in enumerate(envelope.lines, envelope.line + 1):
        unfolding.add(number, line)
    unfolding.flush()
    return unfolding.found


class _Unfolding:
    """A content line that may go on, and those before it."""

    def __init__(self, is_old: bool) -> None:
        self.found: list[ContentLine] = []
        self._fold = 0 if is_old else 1
        self._depth = 0
        self._number = 0
        self._pieces: list[bytes] = []
        self._known_encoding: str | None = None

    def add(self, number: int, line: bytes) -> None:
        """Add a line: it goes on with the one before it, or begins another one."""
        pieces = self._pieces
        if not pieces:
            self._begin(number, line)
        elif self._depth or mark(line) == BEGIN:
            self._add_inside(line)
        elif pieces[-1][-1:] == b"=" and self._encoding() == "Q":
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        elif line[:1] in _WHITESPACE:
            pieces.append(line[self._fold :])
        elif b":" not in line and self._goes_on_in_base64(line):
            pieces.append(line)
        else:
            self.flush()
            self._begin(number, line)

    def flush(self) -> None:
        """End the content line."""
        pieces = self._pieces
        if not pieces:
            return
        if len(self.found) == MAX_CONTENT_LINES:
            raise TooManyLines
        line = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        self.found.append((self._number, line))
        pieces.clear()

    def _begin(self, number: int, line: bytes) -> None:
        if line and not line.isspace():
            self._number = number
            self._pieces.append(line)
            self._known_encoding = None

    def _add_inside(self, line: bytes) -> None:
        self._pieces += [b"\n", line] if self._depth else [line]
        found = mark(line)
        if found is not None:
            self._depth += 1 if found == BEGIN else -1

    def _encoding(self) -> str:
        """Return the encoding of the content line: ``Q``, ``B`` or empty."""
        if self._known_encoding is None:
            start = b"".join(piece[:_HEAD_MAX_LENGTH] for piece in self._pieces[:_HEAD_MAX_PIECES])
            text = start.decode("latin-1")
            try:
                self._known_encoding = read_head(text[: head_length(text)]).encoding
            except ValueError:
                if len(self._pieces) < _HEAD_MAX_PIECES:
                    return ""  # the rest of the head may follow
                self._known_encoding = ""
        return self._known_encoding

    def _goes_on_in_base64(self, line: bytes) -> bool:
        if not line:
            return True  # a blank line says nothing
        return self._encoding() == "B" and _BASE64_LINE.fullmatch(line.strip()) is not None
