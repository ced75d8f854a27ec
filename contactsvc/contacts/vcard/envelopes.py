"""Finds the cards of a file: what stands between BEGIN and END."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from contactsvc.contacts.transfer.records import Remark, Unreadable
from contactsvc.contacts.vcard.lines import BOM, MAX_CARD

MAX_LINES: Final = 200_000
"""Lines of a card before they are unfolded. It is MAX_CARD in lines of 75 bytes, and many more."""

BEGIN: Final = b"BEGIN:VCARD"
END: Final = b"END:VCARD"
_FIRST_BYTES: Final = frozenset(
    {BOM[:2], *(first + second for first in (b"B", b"b") for second in (b"E", b"e"))}
    | {first + second for first in (b"E", b"e") for second in (b"N", b"n")}
)
"""How a mark begins: EMAIL and BDAY need not be looked at."""
_MARK_MAX_LENGTH: Final = 64

STRAY: Final = "Not part of a card; skipped up to the next one."
NOT_ENDED: Final = "The card is not ended."
TOO_LARGE: Final = "The card is too large."


@dataclass(slots=True)
class Envelope:
    """The lines of a card.

    Attributes:
        line: The line of its BEGIN, counted from 1; the first of ``lines`` is the next one.
        lines: What stands between its BEGIN and its END.
        has_inside: Whether there may be a card inside it.
    """

    line: int
    lines: list[bytes] = field(default_factory=list)
    has_inside: bool = False

    def begins_inside(self) -> bool:
        """Return whether a card that begins now is inside this one, as its agent; note that."""
        before = next((line for line in reversed(self.lines) if line.strip()), b"")
        before = before[:_MARK_MAX_LENGTH].rstrip()
        is_agent = before[:5].upper() == b"AGENT" and before[-1:] == b":"
        self.has_inside |= is_agent
        return is_agent


def mark(line: bytes) -> bytes | None:
    """Return BEGIN or END if a line is one of them; a BOM is before it where files were joined."""
    if line[:2] not in _FIRST_BYTES:
        return None
    text = line[:_MARK_MAX_LENGTH].removeprefix(BOM).strip().upper()
    return text if text in (BEGIN, END) else None


def envelopes(lines: Iterable[bytes | None]) -> Iterator[Envelope | Unreadable]:
    """Yield the cards of a file, and what is none.

    A card is inside another one only as vCard 2.1 writes it: after a line ``AGENT:``. Any other
    BEGIN tells that the card before it is not ended.

    Args:
        lines: The lines of the file; None for one that is too long.
    """
    reading = _Reading()
    found: Envelope | Unreadable | None
    for number, line in enumerate(lines, 1):
        if reading.card is None:
            found = reading.outside(number, line)
        elif line is not None and line[:2] in _FIRST_BYTES and (sign := mark(line)):
            found = reading.at_mark(number, line, sign)
        else:
            reading.add(line)
            continue
        if found is not None:
            yield found
    if reading.card is not None:
        yield _unreadable(reading.card.line, NOT_ENDED)


class _Reading:
    """The card that is not ended yet."""

    def __init__(self) -> None:
        self.card: Envelope | None = None
        self._lines: list[bytes] = []
        self._size = 0
        self._depth = 0
        self._is_stray = False

    def outside(self, number: int, line: bytes | None) -> Unreadable | None:
        """Take a line that is in no card; return what is wrong with it unless that was told."""
        if line is not None and mark(line) == BEGIN:
            self._begin(number)
        elif not self._is_stray and (line is None or line.strip()):
            self._is_stray = True
            return _unreadable(number, STRAY)
        return None

    def at_mark(self, number: int, line: bytes, sign: bytes) -> Envelope | Unreadable | None:
        """Take a BEGIN or an END; return what it ends."""
        card = self.card
        if card is None or (sign == BEGIN and card.begins_inside()):
            self._depth += 1
        elif sign == BEGIN:
            self._begin(number)
            return _unreadable(card.line, NOT_ENDED)
        elif self._depth:
            self._depth -= 1
        else:
            self.card = None
            return card if self._size <= MAX_CARD else _unreadable(card.line, TOO_LARGE)
        self.add(line)
        return None

    def add(self, line: bytes | None) -> None:
        """Add a line to the card; of one that is too large nothing is kept."""
        self._lines.append(line or b"")
        self._size += MAX_CARD + 1 if line is None else len(line)
        if self._size > MAX_CARD or len(self._lines) > MAX_LINES:
            self._size = MAX_CARD + 1
            self._lines.clear()

    def _begin(self, number: int) -> None:
        self.card = Envelope(number)
        self._lines = self.card.lines
        self._size = self._depth = 0
        self._is_stray = False


def _unreadable(line: int, detail: str) -> Unreadable:
    return Unreadable(Remark(line, "", detail))
