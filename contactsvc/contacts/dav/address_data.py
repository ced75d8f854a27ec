"""The text of a card in an answer: its version, and as much of it as is wanted (RFC 6352, 10.4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contactsvc.contacts.dav.resources import Resource
from contactsvc.contacts.dav.xml.writer import text
from contactsvc.contacts.vcard.writer import Version

_ALWAYS: Final = frozenset({b"BEGIN", b"VERSION", b"UID", b"N", b"FN", b"END"})
"""Without these it would be no card."""


@dataclass(frozen=True, slots=True)
class AddressData:
    """How the texts of cards are wanted.

    Args:
        version: The version of vCard.
        properties: The names of the properties that are wanted, in upper case; empty for all.
    """

    version: Version = "3.0"
    properties: frozenset[str] = frozenset()

    def value(self, resource: Resource) -> str | None:
        """Return the text of a card as the content of an element; None if it was not read."""
        if resource.card is None or resource.card.text is None:
            return None
        card = resource.card.text
        if self.properties:
            wanted = _ALWAYS | {name.encode() for name in self.properties}
            card = b"".join(_lines(card, wanted))
        return text(card.decode(errors="replace"))


def _lines(card: bytes, wanted: frozenset[bytes]) -> Iterator[bytes]:
    """Yield the lines of a card that begin, or go on with, a wanted property."""
    is_wanted = False
    for line in card.splitlines(keepends=True):
        if not line.startswith((b" ", b"\t")):
            head = line.partition(b":")[0].partition(b";")[0]
            is_wanted = head.rpartition(b".")[2].strip().upper() in wanted
        if is_wanted:
            yield line
