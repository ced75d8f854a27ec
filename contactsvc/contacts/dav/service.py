"""Answers to PROPFIND and REPORT, made card by card while they are sent."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final, TypeVar

from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.cards.card import Card, CardChanges
from contactsvc.contacts.dav.cards.service import MOST_NAMES, Cards
from contactsvc.contacts.dav.errors import forbidden
from contactsvc.contacts.dav.requests import (
    NUMBER_WITHIN_LIMITS,
    Multiget,
    Query,
    Report,
    SyncCollection,
)
from contactsvc.contacts.dav.resources import Kind, Resource, Viewer
from contactsvc.contacts.dav.selection import NOT_FOUND, Selection
from contactsvc.contacts.dav.sync_tokens import INVALID, SyncTokens, all_of
from contactsvc.contacts.dav.xml.writer import MULTISTATUS, MULTISTATUS_END, response, status
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.database.keysets import Position
from contactsvc.platform.errors import CursorExpired

PAGE: Final = 500
"""Cards that are read at a time."""
PAGE_OF_TEXTS: Final = 100
"""Cards that are read at a time with their texts."""
_PIECE: Final = 64 * 1024
"""Characters that are sent at a time."""
_AT_ONCE: Final = 16 * 1024
"""Bytes of a card that are looked through on the event loop: some milliseconds at the worst."""

_CUT_SHORT: Final = f"{status('507 Insufficient Storage')}<d:error>{NUMBER_WITHIN_LIMITS}</d:error>"
"""What is said of a book of which an answer tells a part (RFC 6578, 3.6; RFC 6352, 8.6.2)."""

Result = TypeVar("Result")
Responses = AsyncGenerator[str, None]
"""Elements of a multistatus, one after the other."""


async def multistatus(responses: Responses) -> AsyncIterator[bytes]:
    """Yield a body of these elements; the first piece comes when the first of them are there."""
    piece, length = [MULTISTATUS], 0
    async with aclosing(responses):
        async for each in responses:
            piece.append(each)
            length += len(each)
            if length > _PIECE:
                yield "".join(piece).encode()
                piece, length = [], 0
                await asyncio.sleep(0)  # one who takes all at once would keep others waiting
    yield "".join([*piece, MULTISTATUS_END]).encode()


@dataclass(frozen=True, slots=True)
class Listing:
    """What is told of the cards of one book.

    Args:
        cards: The cards.
        viewer: Who asks, and whose book it is.
        tokens: The book's sync tokens.
    """

    cards: Cards
    viewer: Viewer
    tokens: SyncTokens

    def report(self, asked: Report) -> Responses:
        """Yield what a report asks for.

        Raises:
            Refused: The sync token is none of this book, or too old; nothing was yielded then.
        """
        if isinstance(asked, Multiget):
            return self._multiget(asked)
        if isinstance(asked, Query):
            return self._query(asked)
        return self._changes(asked)

    async def all(self, wanted: Selection) -> Responses:
        """Yield what is wanted of all cards."""
        async for card in self._all(wanted, with_text=wanted.needs_text):
            yield await self._response(card, wanted)

    async def _all(self, wanted: Selection, *, with_text: bool) -> AsyncIterator[Card]:
        after: Position = None
        while True:
            page = await self.cards.page(
                PAGE_OF_TEXTS if with_text else PAGE, after, _version(wanted), with_text=with_text
            )
            for card in page.rows:
                yield card
            if page.next_position is None:
                return
            after = page.next_position

    async def _multiget(self, asked: Multiget) -> Responses:
        """Yield the cards of these URLs, each once, and of others that they are not there."""
        hrefs = iter(asked.hrefs)
        seen: set[str] = set()
        while batch := list(islice(hrefs, MOST_NAMES)):
            await asyncio.sleep(0)  # all of them may be spellings of one URL
            sent: dict[str, str] = {}
            for href in batch:
                name = self.viewer.hrefs.name_of(href)
                if name is None:
                    yield response(href, NOT_FOUND)
                elif name not in seen:
                    sent.setdefault(name, href)
            seen.update(sent)
            async for card in self._among(list(sent), asked.wanted):
                yield await self._response(card, asked.wanted, sent.pop(card.name))
            for href in sent.values():
                yield response(href, NOT_FOUND)

    async def _among(self, names: Sequence[str], wanted: Selection) -> AsyncIterator[Card]:
        """Yield those cards that there are; texts for which there was no room are read again."""
        while names:
            found = await self.cards.among(names, _version(wanted), with_text=wanted.needs_text)
            names = []
            for card in found:
                if wanted.needs_text and card.text is None:
                    names.append(card.name)
                else:
                    yield card

    async def _query(self, asked: Query) -> Responses:
        tests = asked.filter if asked.filter and asked.filter.tests else None
        left = asked.limit
        async for card in self._all(
            asked.wanted, with_text=tests is not None or asked.wanted.needs_text
        ):
            if tests is not None:
                test = partial(tests.admits, card.text or b"")
                if not await _looked_at(card, test):
                    continue
            if left == 0:
                yield response(self.viewer.hrefs.book, _CUT_SHORT)
                return
            left = None if left is None else left - 1
            yield await self._response(card, asked.wanted)

    async def _changes(self, asked: SyncCollection) -> Responses:
        place = self.tokens.place(asked.token) if asked.token else None
        left = asked.limit
        try:
            found = await self._changed(place, left, asked.wanted)
        except CursorExpired as error:
            raise forbidden(INVALID) from error
        # What is changed while the answer is sent is for the next sync: or there would be no end,
        # and a card that is on an earlier page would come again.
        until = found.seq
        while True:
            for each in found.items:
                if isinstance(each, Card):
                    yield await self._response(each, asked.wanted)
                else:
                    yield response(self.viewer.hrefs.card(each.name), NOT_FOUND)
            left = None if left is None else left - len(found.items)
            if not found.has_more or left == 0:
                break
            found = await self._changed(found.place, left, asked.wanted, until)
        if found.has_more and left == 0:
            yield response(self.viewer.hrefs.book, _CUT_SHORT)
        place = found.place if found.has_more else all_of(until)
        yield f"<d:sync-token>{self.tokens.of(place)}</d:sync-token>"

    async def _changed(
        self, place: Place | None, left: int | None, wanted: Selection, until: int | None = None
    ) -> CardChanges:
        most = PAGE_OF_TEXTS if wanted.needs_text else PAGE
        limit = most if left is None else min(most, left)
        return await self.cards.changes(
            place, limit, _version(wanted), with_text=wanted.needs_text, until=until
        )

    async def _response(self, card: Card, wanted: Selection, href: str = "") -> str:
        href = href or self.viewer.hrefs.card(card.name)
        resource = Resource(Kind.CARD, href, self.viewer, card=card)
        return await _looked_at(card, partial(wanted.response, resource))


async def _looked_at(card: Card, look: Callable[[], Result]) -> Result:
    """Return what is found by looking through a card; others have their turn, whatever is in it."""
    if card.text is None:
        return look()
    if len(card.text) > _AT_ONCE:
        return await asyncio.to_thread(look)
    await asyncio.sleep(0)
    return look()


def _version(wanted: Selection) -> Version:
    return wanted.address_data.version if wanted.address_data else "3.0"
