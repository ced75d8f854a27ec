"""The texts of cards: as a client has sent them, or else written anew."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson

from contactsvc.contacts.card_names import name_of_uid
from contactsvc.contacts.dav.cards.card import Card
from contactsvc.contacts.dav.cards.repository import Texts, etag_of
from contactsvc.contacts.dav.xml.characters import legal_utf8
from contactsvc.contacts.rows import public
from contactsvc.contacts.vcard import android
from contactsvc.contacts.vcard.card import Card as ReadCard
from contactsvc.contacts.vcard.contact import from_contact
from contactsvc.contacts.vcard.reader import read_cards
from contactsvc.contacts.vcard.writer import Version, write_card

_AT_ONCE: Final = 20
"""Cards that are written on the event loop: some 5 ms."""
_AT_ONCE_BYTES: Final = 16 * 1024


async def cards_of(owner_id: int, texts: Texts, version: Version) -> dict[int, Card]:
    """Return cards with their texts, by their places.

    Args:
        owner_id: The owner.
        texts: What was read.
        version: The version of vCard that the texts are to be in.
    """
    if len(texts.rows) <= _AT_ONCE and texts.size <= _AT_ONCE_BYTES:
        return _cards(owner_id, texts, version)
    return await asyncio.to_thread(_cards, owner_id, texts, version)


def _cards(owner_id: int, texts: Texts, version: Version) -> dict[int, Card]:
    return {row["place"]: _card(row, owner_id, version) for row in texts.rows}


def _card(row: Mapping[str, Any], owner_id: int, version: Version) -> Card:
    kind, text = row["kind"], row["text"]
    if text is None:
        text = _written(row, owner_id, version)
    elif row["format"] != version:
        text = converted(bytes(text), version)
    name = row["card_name"] or name_of_uid(row["uid"])
    etag = etag_of(kind, row["id"], row["version"])
    return Card(name, etag, row["updated_at"], bytes(text))


def _written(row: Mapping[str, Any], owner_id: int, version: Version) -> bytes:
    shown = public(row, owner_id)
    # A program that deletes the date which such a line says would send the line back.
    extra = android.without_what_was_read(orjson.loads(row["extra"]) if row["extra"] else ())
    fields = {**shown, **orjson.loads(shown["details"])}
    return legal_utf8(write_card(from_contact(fields, extra, row["content"]), version))


def converted(text: bytes, version: Version) -> bytes:
    """Return a card in another version of vCard; what nobody here knows stays as it is."""
    for card in read_cards([text]):
        if isinstance(card, ReadCard):
            return legal_utf8(write_card(card, version))
    return text
