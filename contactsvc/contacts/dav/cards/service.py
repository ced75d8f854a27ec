"""The cards of one owner: read, listed, followed and written."""

from collections.abc import Sequence
from typing import Final

from contactsvc.contacts import card_names, key_renewal
from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.cards import repository
from contactsvc.contacts.dav.cards.card import (
    NO_PRECONDITIONS,
    Card,
    CardChanges,
    Preconditions,
    PutResult,
    RemovedCard,
)
from contactsvc.contacts.dav.cards.repository import CONTACT, Listed
from contactsvc.contacts.dav.cards.texts import cards_of
from contactsvc.contacts.dav.cards.writing import CardWriter
from contactsvc.contacts.repository import MAX_CONTACTS
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.database.keysets import Page, Position
from contactsvc.platform.errors import NotFound
from contactsvc.platform.storage.pictures import Pictures

MOST_NAMES: Final = 200
"""Names that one call takes."""


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
        self._writer = CardWriter(owner_id, region, pictures, max_contacts)

    async def get(self, name: str, version: Version = "3.0") -> Card:
        """Return a card with its text.

        Args:
            name: The name.
            version: The version of vCard that the text is to be in.

        Raises:
            NotFound: There is no card of that name.
        """
        texts = await repository.texts_by_name(self._owner_id, [name], version)
        cards = await cards_of(self._owner_id, texts, version)
        if not cards:
            raise NotFound
        return cards[0]

    async def among(
        self, names: Sequence[str], version: Version = "3.0", *, with_text: bool = True
    ) -> list[Card]:
        """Return those cards that there are of these names, in the order of the names.

        Where all texts are too many bytes, the last cards have ``text`` None although it was asked
        for; the first card always has its text. Ask again for the others.

        Args:
            names: The names, at most MOST_NAMES; one that comes twice is answered once.
            version: The version of vCard that the texts are to be in.
            with_text: Whether texts are wanted.
        """
        wanted = list(dict.fromkeys(names))
        if len(wanted) > MOST_NAMES:
            raise ValueError(f"More than {MOST_NAMES} names.")
        if not with_text:
            return [_without_text(card) for card in await repository.named(self._owner_id, wanted)]
        texts = await repository.texts_by_name(self._owner_id, wanted, version)
        found = [*(await cards_of(self._owner_id, texts, version)).values()]
        if texts.end is not None:
            left = await repository.named(self._owner_id, wanted[texts.end + 1 :])
            found += map(_without_text, left)
        return found

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
        rows = await repository.page(self._owner_id, limit + 1, after)
        if await self._renew(rows):
            rows = await repository.page(self._owner_id, limit + 1, after)
        told, more = rows[:limit], len(rows) > limit
        cards = [_without_text(row) for row in told]
        if with_text and told:
            cards, end = await self._with_texts(told, version)
            told, more = told[:end], more or end < len(told)
        if not more:
            return Page(cards, None)
        last = told[-1]
        return Page(cards, [last.kind, last.id if last.kind == CONTACT else last.name])

    async def changes(
        self,
        place: Place | None,
        limit: int,
        version: Version = "3.0",
        *,
        with_text: bool = False,
        until: int | None = None,
    ) -> CardChanges:
        """Return up to ``limit`` changes since a place; one statement where nothing has changed.

        They may be fewer, and even none, although there are more.

        Args:
            place: The ``place`` of the changes before; None tells all cards that there are.
            limit: The most changes.
            version: The version of vCard that the texts are to be in.
            with_text: Whether texts are wanted.
            until: The book's count of changes after which none is told: that of the first page, so
                that no card is told on two pages. None tells all.

        Raises:
            CursorExpired: Deletions after that place are forgotten, or the place is none.
        """
        after = place or Place()
        found = await self._changed(after, limit, until)
        if await self._renew(found.rows):
            found = await self._changed(after, limit, until)
        if place is None:
            after = Place(known=found.book_seq)
        else:
            after.check(found.book_seq, found.oldest_seq)
        return await self._told(found, after, limit, version, with_text=with_text)

    async def _changed(self, after: Place, limit: int, until: int | None) -> repository.Changed:
        place = after.seq, after.contact_id, after.known
        return await repository.changed(self._owner_id, place, limit + 1, until)

    async def _told(
        self,
        found: repository.Changed,
        after: Place,
        limit: int,
        version: Version,
        *,
        with_text: bool,
    ) -> CardChanges:
        rows, told = found.rows, found.rows[:limit]
        if not told:
            return CardChanges([], after, has_more=False, seq=found.book_seq)
        there = [row for row in told if not row.deleted]
        cards = [_without_text(row) for row in there]
        if with_text and there:
            cards, end = await self._with_texts(there, version)
            if end < len(there):
                told = told[: told.index(there[end])]
        left, last = rows[len(told) :], told[-1]
        place = after.moved(last.seq, last.id, left[0].seq if left else None)
        removed = await self._removed(told)
        return CardChanges([*cards, *removed], place, bool(left), found.book_seq)

    async def _removed(self, rows: Sequence[Listed]) -> list[RemovedCard]:
        """Return the cards that are gone, but those whose names others have now."""
        called = list(dict.fromkeys(row.name for row in rows if row.deleted and row.name))
        again = await card_names.taken(self._owner_id, called) if called else ()
        return [RemovedCard(name) for name in called if name not in again]

    async def _with_texts(self, rows: list[Listed], version: Version) -> tuple[list[Card], int]:
        """Return cards with their texts, and up to which of the rows there was room for them."""
        texts = await repository.texts(self._owner_id, rows, version)
        cards = await cards_of(self._owner_id, texts, version)
        return [*cards.values()], len(rows) if texts.end is None else texts.end + 1

    async def _renew(self, rows: Sequence[Listed]) -> bool:
        """Give names to contacts that an older release has added; return whether there were any."""
        unnamed = [row.id for row in rows if row.name is None]
        if unnamed:
            await key_renewal.renew_some(self._owner_id, unnamed, self._region)
        return bool(unnamed)

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
            ValidationFailed: No card can have that name.
            PreconditionFailed: The card of that name is not as it must be.
            UidConflict: Another card has its UID (``no-uid-conflict``).
            QuotaExceeded: There are as many contacts, or groups, as there may be.
            Unavailable: Too many photos are being drawn at the moment.
            Unauthenticated: The owner's account has just been deleted.
        """
        return await self._writer.put(name, text, preconditions)

    async def delete(self, name: str, preconditions: Preconditions = NO_PRECONDITIONS) -> None:
        """Delete a card: a contact goes into the trash, a group off its members.

        Args:
            name: The name.
            preconditions: What must hold of the card.

        Raises:
            NotFound: There is no card of that name.
            PreconditionFailed: The card is not as it must be.
        """
        await self._writer.delete(name, preconditions)


def _without_text(row: Listed) -> Card:
    return Card(row.name or "", row.etag, row.modified)
