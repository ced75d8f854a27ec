"""What the address book tells of a card, and what is asked of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from contactsvc.contacts.changes.repository import Place
from contactsvc.platform.errors import Conflict

ANY: Final = "*"
"""Stands for whatever there is in Preconditions."""


@dataclass(frozen=True, slots=True)
class Card:
    """A contact, or a group of contacts, as a vCard.

    Attributes:
        name: The last segment of its URL without ``.vcf``, 1 to 200 characters, decoded.
        etag: Its strong ETag (RFC 9110, 8.8.3) with its quotes. No two contents of a card, nor two
            cards that have had one name, share it.
        modified: When it was changed last.
        text: The vCard; None if it was not asked for, or if the page had no room for it.
    """

    name: str
    etag: str
    modified: datetime
    text: bytes | None = None


@dataclass(frozen=True, slots=True)
class RemovedCard:
    """A card that is not there any more.

    Attributes:
        name: The name that it had; no other card has it now.
    """

    name: str


@dataclass(frozen=True, slots=True)
class CardChanges:
    """Some of the changes of a book, the oldest, each card at its last one.

    Attributes:
        items: Cards as they are, in the order of their changes, then those that are gone.
        place: Where to read on, now or when there is more.
        has_more: Whether there is more now.
        seq: The book's count of changes.
    """

    items: list[Card | RemovedCard]
    place: Place
    has_more: bool
    seq: int


class Preconditions(NamedTuple):
    """What a card must be, and must not be, for a change to be made (RFC 9110, 13.1).

    Args:
        match: If-Match: ETags with their quotes, or ANY; None where there is no such header. A weak
            one matches nothing.
        none_match: If-None-Match: ETags with their quotes, those of weak ones without ``W/``, or
            ANY.
    """

    match: Collection[str] | None = None
    none_match: Collection[str] = ()

    def admit(self, etag: str | None) -> bool:
        """Return whether a card may have that ETag; None is that there is no card."""
        if self.match is not None and not _is_among(self.match, etag):
            return False
        return not _is_among(self.none_match, etag)


def _is_among(etags: Collection[str], etag: str | None) -> bool:
    return etag is not None and (ANY in etags or etag in etags)


NO_PRECONDITIONS: Final = Preconditions()


@dataclass(frozen=True, slots=True)
class PutResult:
    """What has become of a card that was sent.

    Attributes:
        created: Whether there was none of that name before.
        name: The name of the card.
        etag: The card's ETag, where a reader gets the very bytes that were sent; else None, so that
            the client asks what it is now (RFC 6352, 6.3.2.3).
    """

    created: bool
    name: str
    etag: str | None


class UidConflict(Conflict):
    """Another card has this UID (RFC 6352, 6.3.2.1: ``no-uid-conflict``).

    Args:
        name: The name of that card.
    """

    default_detail = "Another card has this UID; change that one."

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
