"""Reads a card that a client has sent, and repairs what is wrong with it.

Programs that synchronise stop at a card that is refused, so nearly everything is taken: what a card
lacks is added, what does not fit goes beside the fields as in an import.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from contactsvc.contacts.dav.cards.semicolons import mended
from contactsvc.contacts.dav.xml.characters import legal, legal_utf8
from contactsvc.contacts.schemas.limits import TAG_MAX_LENGTH, TEXT_MAX_LENGTH
from contactsvc.contacts.transfer import texts
from contactsvc.contacts.transfer.content_lines import with_photo
from contactsvc.contacts.transfer.records import ReadContact, Unreadable
from contactsvc.contacts.transfer.rules import FittedContact, fitted
from contactsvc.contacts.vcard import android
from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.contact import to_read_contact
from contactsvc.contacts.vcard.envelopes import NOT_ENDED, TOO_LARGE
from contactsvc.contacts.vcard.lines import MAX_CARD
from contactsvc.contacts.vcard.reader import read_cards
from contactsvc.contacts.vcard.writer import Version, write_card
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge

MAX_STORED: Final = 256 * 1024
"""Bytes of a contact's card that is kept as it came; a larger one is written anew."""

MAX_GROUP: Final = 2 * 1024 * 1024
"""Bytes of a group's card."""

NAMELESS: Final = "?"
"""The nickname of a contact that has nothing to be called by."""

_AT_ONCE: Final = 8 * 1024
"""Bytes that are read on the event loop: less than 1 ms, or 20 ms where all lines are short."""

_VERSION: Final = re.compile(rb"(?im)^VERSION:(?:3\.0|4\.0)[ \t]*\r?$")
_END: Final = b"\r\nEND:VCARD\r\n"
_URN: Final = "urn:uuid:"


@dataclass(frozen=True, slots=True)
class SentGroup:
    """What a card says of a group.

    Attributes:
        title: What its members are tagged with, up to 50 characters; empty is nothing.
        members: The uids of the members, each once, as :func:`member_uid` has them.
        card: The card itself.
    """

    title: str
    members: Sequence[str]
    card: Card


@dataclass(frozen=True, slots=True)
class SentCard:
    """A card that was read.

    Attributes:
        uid: Its UID, up to 200 characters; empty if it has none.
        format: The version of vCard that its text is kept in.
        text: The card as it came.
        is_exact: Whether others can be given the card as it came.
        fields: What it says of a contact, as the repository takes it, with the lists and ``extra``.
        photo: The bytes of its picture, as they came.
        photo_start: See :class:`~contactsvc.contacts.transfer.records.ReadContact`.
        group: What it says of a group; None of a contact.
    """

    uid: str
    format: Version
    text: bytes
    is_exact: bool
    fields: Mapping[str, Any]
    photo: bytes | None
    photo_start: str
    group: SentGroup | None

    def with_photo_line(self) -> "SentCard":
        """Return the card with a picture that cannot be drawn among the lines that are kept.

        So it lasts when the text does not: when the contact is changed, or the card is too large.
        """
        extra = with_photo(self.fields["extra"] or (), self.photo_start, self.photo or b"")
        return self if extra is None else replace(self, fields={**self.fields, "extra": extra})


async def read(text: bytes) -> SentCard:
    """Return what a card says.

    Raises:
        MalformedBody: It is no card, or more than one.
        PayloadTooLarge: It has more than MAX_CARD bytes, or MAX_GROUP as a group, or more lines
            than are read.
    """
    if len(text) <= _AT_ONCE:
        return _read(text)
    return await asyncio.to_thread(_read, text)


def member_uid(uri: str) -> str:
    """Return the uid in a MEMBER, or a uid itself, without the scheme that some write before it."""
    return uri[len(_URN) :] if uri[: len(_URN)].lower() == _URN else uri


def group_member(sent: Property) -> str | None:
    """Return the uid of the member that a property of a group's card lists; None if it is none."""
    if sent.name != "MEMBER" or sent.raw:
        return None
    return texts.one_line(member_uid(sent.value))


def uids_of(member: str) -> list[str]:
    """Return the uids of contacts that a member may be meant by."""
    return [member, _URN + member]


def _read(text: bytes) -> SentCard:
    if len(text) > MAX_CARD:
        raise PayloadTooLarge
    understood = mended(text)
    card, is_whole = _only_card(understood)
    version: Version = "4.0" if card.version == "4.0" else "3.0"
    is_exact = understood is text and is_whole and not card.remarks and _is_valid(text, card)
    kind = card.first("KIND")
    if kind is not None and kind.value == "group":
        if len(text) > MAX_GROUP:
            raise PayloadTooLarge
        return _group(card, text, version, is_exact=is_exact)
    contact = _fitted(to_read_contact(card))
    # As texts.py, which would not write them either: the fields say the same.
    extra = [legal(line) for line in android.without_what_was_read(contact.extra)]
    fields = contact.fields | {"extra": extra or None}
    uid = fields.pop("uid", "")
    is_exact = is_exact and len(text) <= MAX_STORED and _uid(card) == uid
    start = legal(contact.photo_start)
    return SentCard(uid, version, text, is_exact, fields, contact.photo, start, None)


def _only_card(text: bytes) -> tuple[Card, bool]:
    """Return the one card that there is, and whether there is nothing else; its END may lack."""
    found = _contents(text)
    faults = [each.remark.detail for each in found if isinstance(each, Unreadable)]
    cards = [each for each in found if isinstance(each, Card)]
    is_whole = not faults
    if not cards and faults.count(NOT_ENDED) == 1:
        cards = [each for each in _contents(text + _END) if isinstance(each, Card)]
    elif NOT_ENDED in faults:
        raise MalformedBody("A card begins before the one before it has ended.")
    if len(cards) > 1:
        raise MalformedBody("There is more than one card.")
    if not cards and TOO_LARGE in faults:
        raise PayloadTooLarge
    if not cards or not cards[0].properties:
        raise MalformedBody("There is no vCard with anything in it.")
    return cards[0], is_whole


def _contents(text: bytes) -> list[Card | Unreadable]:
    """Return what a text consists of, until it is clear that there is more than one card."""
    found: list[Card | Unreadable] = []
    for each in read_cards([text]):
        found.append(each)
        if sum(isinstance(one, Card) for one in found) > 1 or len(found) > 10:
            break
    return found


def _is_valid(text: bytes, card: Card) -> bool:
    """Return whether others can be given a card as it came."""
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    names = {each.name for each in card.properties}
    has_all = {"UID", "FN"} <= names and _VERSION.search(text) is not None
    return has_all and text[:5].upper() == b"BEGIN" and legal_utf8(text) == text


def _uid(card: Card) -> str:
    uid = card.first("UID")
    return uid.value if uid else ""


def _fitted(contact: ReadContact) -> FittedContact:
    taken = fitted(contact)
    if isinstance(taken, FittedContact):
        return taken
    named = fitted(contact._replace(fields={**contact.fields, "nickname": NAMELESS}))
    if isinstance(named, Unreadable):
        raise MalformedBody(named.remark.detail)
    return named


def _group(card: Card, text: bytes, version: Version, *, is_exact: bool) -> SentCard:
    name = card.first("FN") or card.first("ORG")
    title = texts.plain(name.value or " ".join(name.parts), TAG_MAX_LENGTH) if name else ""
    members = dict.fromkeys(map(group_member, card.properties))
    uids = [uid for uid in members if uid is not None]
    group = SentGroup(title[:TAG_MAX_LENGTH].strip(), uids, card)
    uid = texts.plain(_uid(card), TEXT_MAX_LENGTH)[:TEXT_MAX_LENGTH].strip()
    return SentCard(uid, version, text, is_exact and uid == _uid(card), {}, None, "", group)


def repaired(card: Card, uid: str, version: Version) -> bytes:
    """Return a card as others can be given it, with a UID."""
    has_uid = any(each.name == "UID" for each in card.properties)
    properties = card.properties if has_uid else [Property("UID", uid), *card.properties]
    return legal_utf8(write_card(Card(version, properties), version))
