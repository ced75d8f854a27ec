"""The resources that there are in CardDAV, as their properties see them."""

from dataclasses import dataclass
from enum import Enum, auto

from contactsvc.contacts.dav.cards.card import Card
from contactsvc.contacts.dav.hrefs import Hrefs


class Kind(Enum):
    """What a resource is."""

    ROOT = auto()
    PRINCIPAL = auto()
    HOME = auto()
    BOOK = auto()
    CARD = auto()


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks.

    Args:
        user_id: The user; all resources are theirs.
        name: What the user is called.
        can_write: Whether they may change anything with what they have signed in by.
        hrefs: The URLs of their resources.
    """

    user_id: int
    name: str
    can_write: bool
    hrefs: Hrefs


@dataclass(frozen=True, slots=True)
class Book:
    """What is to be told of an address book.

    Args:
        name: What its owner calls it.
        seq: Its count of changes.
        token: The sync token of whoever knows all of it.
        me: The name of the card that is the owner's own; None if no client has said so.
    """

    name: str
    seq: int
    token: str
    me: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource.

    Args:
        kind: What it is.
        href: Its URL.
        viewer: Who asks.
        book: Of a home and of a book: the book.
        card: Of a card: the card.
    """

    kind: Kind
    href: str
    viewer: Viewer
    book: Book | None = None
    card: Card | None = None
