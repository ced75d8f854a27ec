"""The cards of one owner: read, listed, followed and written."""

from collections.abc import Sequence

from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.cards.card import (
    NO_PRECONDITIONS,
    Card,
    CardChanges,
    Preconditions,
    PutResult,
)
from contactsvc.contacts.repository import MAX_CONTACTS
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.database.keysets import Page, Position
from contactsvc.platform.storage.pictures import Pictures


class Cards:
    """The cards of one owner; nobody else's can be reached through it.

    All contacts are cards, and so are groups of contacts, which are no contacts. Texts are in the
    version that is asked for; the one that a client has sent is given back as it came. A call that
    reads texts ends after some 8 MiB of them.

    Args:
        owner_id: The id of the user whose address book it is.
        region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are read
            by; None leaves them as typed.
        max_contacts: The quota of contacts.
        pictures: Draws photos anew.
    """

    def __init__(
        self,
        owner_id: int,
        region: str | None,
        pictures: Pictures,
        max_contacts: int = MAX_CONTACTS,
    ) -> None:
        self._owner_id = owner_id
        self._region = region
        self._pictures = pictures
        self._max_contacts = max_contacts

    async def seq(self) -> int:
        """Return the book's count of changes, by one statement; it is the ctag.

        0 where there was never a change.
        """
        raise NotImplementedError

    async def get(self, name: str, version: Version = "3.0") -> Card:
        """Return a card with its text.

        Args:
            name: The name.
            version: The version of vCard that the text is to be in.

        Raises:
            NotFound: There is no card of that name.
        """
        raise NotImplementedError

    async def among(
        self, names: Sequence[str], version: Version = "3.0", *, with_text: bool = True
    ) -> list[Card]:
        """Return those cards that there are of up to MOST names, in the order of the names.

        Where all texts are too many bytes, the last cards have ``text`` None although it was asked
        for; the first card always has its text. Ask again for the others.

        Args:
            names: The names, at most MOST_AMONG; one that comes twice is answered once.
            version: The version of vCard that the texts are to be in.
            with_text: Whether texts are wanted.
        """
        raise NotImplementedError

    async def page(
        self,
        limit: int,
        after: Position = None,
        version: Version = "3.0",
        *,
        with_text: bool = False,
    ) -> Page[Card]:
        """Return up to ``limit`` cards, in the order in which they were added, groups last.

        They may be fewer although there are more: with texts, a page ends after some 8 MiB.

        Args:
            limit: The most cards on the page.
            after: The ``next_position`` of the page before; None for the first page.
            version: The version of vCard that the texts are to be in.
            with_text: Whether texts are wanted.
        """
        raise NotImplementedError

    async def changes(
        self,
        place: Place | None,
        limit: int,
        version: Version = "3.0",
        *,
        with_text: bool = False,
    ) -> CardChanges:
        """Return up to ``limit`` changes since a place; one statement where nothing has changed.

        They may be fewer, and even none, although there are more.

        Args:
            place: The ``place`` of the changes before; None tells all cards that there are.
            limit: The most changes.
            version: The version of vCard that the texts are to be in.
            with_text: Whether texts are wanted.

        Raises:
            CursorExpired: Deletions after that place are forgotten, or the place is none.
        """
        raise NotImplementedError

    async def put(
        self, name: str, text: bytes, preconditions: Preconditions = NO_PRECONDITIONS
    ) -> PutResult:
        """Store a card: change the one of that name, or add it.

        What is wrong with a card is repaired where it can be.

        Args:
            name: The name that it has, or is to have.
            text: The vCard, in any version.
            preconditions: What must hold of the card of that name.

        Raises:
            MalformedBody: It is no vCard, or more than one (``valid-address-data``).
            PayloadTooLarge: It is larger than cards may be (``max-resource-size``).
            ValidationFailed: A new card cannot have that name.
            PreconditionFailed: The card of that name is not as it must be.
            UidConflict: Another card has its UID (``no-uid-conflict``).
            QuotaExceeded: There are as many contacts, or groups, as there may be.
            Unavailable: Too many photos are being drawn at the moment.
            Unauthenticated: The owner's account has just been deleted.
        """
        raise NotImplementedError

    async def delete(self, name: str, preconditions: Preconditions = NO_PRECONDITIONS) -> None:
        """Delete a card: a contact goes into the trash, a group off its members.

        Args:
            name: The name.
            preconditions: What must hold of the card.

        Raises:
            NotFound: There is no card of that name.
            PreconditionFailed: The card is not as it must be.
        """
        raise NotImplementedError
