# ruff: noqa: S608 - the statements are made of our own names
"""Who takes whose place in groups, and as the owner's own card, when contacts become one.

A group is written anew then: the members change, all else of the card stays. Whatever the groups
have, a few MiB of them are read at a time.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import asyncpg

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.card_names import name_of_uid
from contactsvc.contacts.dav.cards.reading import group_member, member_uid, repaired
from contactsvc.contacts.keys import older_uid
from contactsvc.contacts.operations.repository import ChangedGroup, HandedOver
from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.reader import read_cards
from contactsvc.platform.database.statements import current_client

MAX_BYTES: Final = 2 * 1024 * 1024
"""Bytes of cards that are read at a time, or one card."""

_THERE: Final = "owner_id = $1 AND deleted_at IS NULL"
_LISTING: Final = (
    "SELECT id, octet_length(text) AS size FROM card_groups"
    f" WHERE {_THERE} AND members && $2::text[] ORDER BY id"
)
_SIZES: Final = (
    "SELECT id, octet_length(text) AS size FROM card_groups"
    f" WHERE {_THERE} AND id = ANY ($2::bigint[]) ORDER BY id"
)
_READ: Final = (
    "SELECT id, uid, members, format, text FROM card_groups"
    f" WHERE {_THERE} AND id = ANY ($2::bigint[]) ORDER BY id"
)
_WRITE: Final = (
    f"WITH book AS ({address_books.NEXT}) UPDATE card_groups SET seq = book.seq,"
    " version = version + 1, members = $3, text = $4, updated_at = $5 FROM book"
    " WHERE card_groups.owner_id = book.owner_id AND card_groups.id = $2"
)
_IS_THE_BOOK: Final = f"owner_id = $1 AND id = {address_books.BOOK_ID}"
_ME: Final = f"SELECT me_card FROM address_books WHERE {_IS_THE_BOOK} AND me_card IS NOT NULL"
_SET_ME: Final = f"UPDATE address_books SET me_card = $2 WHERE {_IS_THE_BOOK}"
_CALLED: Final = "SELECT id, uid, card_name FROM"
_CONTACTS: Final = (
    f"{_CALLED} contacts WHERE owner_id = $1 AND id = ANY ($2::bigint[])"
    f" UNION ALL {_CALLED} deleted_contacts WHERE owner_id = $1 AND id = $3"
)
"""Contacts that are there, and one that may have been deleted."""

Successors = Mapping[str, Sequence[str]]
"""By the uid of a member: the uids of those that take its place; no uid of theirs is one of it."""


class _Contact(NamedTuple):
    """A contact, as groups and the book refer to it."""

    uid: str
    name: str


def _contact(row: Mapping[str, Any], owner_id: int) -> _Contact:
    uid = row["uid"] or older_uid(owner_id, row["id"])
    return _Contact(member_uid(uid), row["card_name"] or name_of_uid(uid))


async def hand_over(
    owner_id: int,
    into: int,
    rows: Mapping[int, Mapping[str, Any]],
    moment: datetime,
) -> HandedOver | None:
    """Let the contact that stays be a member of all groups that list one merged into it.

    If the card of one of these was the owner's own, that of the contact that stays is. The book is
    locked meanwhile.

    Args:
        owner_id: The owner.
        into: The id of the contact that stays.
        rows: The columns of all of them by their ids, as the merge has found them.
        moment: The time.

    Returns:
        What was changed; None if it was nothing.
    """
    contacts = {contact_id: _contact(row, owner_id) for contact_id, row in rows.items()}
    heir = contacts.pop(into)
    members = {each.uid: other for other, each in contacts.items() if each.uid != heir.uid}
    found = await current_client().fetch(_LISTING, [owner_id, list(members)])
    groups: list[ChangedGroup] = []

    def successors(listed: Sequence[str], group_id: int) -> Successors:
        left = [uid for uid in listed if uid in members]
        is_new = heir.uid not in listed
        groups.append(ChangedGroup(group_id, is_new, [members[uid] for uid in left]))
        return {uid: [heir.uid] if is_new and uid == left[0] else [] for uid in left}

    await _rewrite(owner_id, found, successors, moment)
    own = await _me(owner_id)
    me = next((other for other, each in contacts.items() if each.name == own), None)
    if me is not None:
        await current_client().fetch(_SET_ME, [owner_id, heir.name])
    return HandedOver(into, me, groups) if groups or me is not None else None


async def give_back(owner_id: int, done: HandedOver, moment: datetime, *, is_kept: bool) -> None:
    """Let the contacts of a merge that are there again be members where they were before it.

    Groups that do not list the contact that has stayed any more were changed since, and stay as
    they are. So does the owner's own card, where it is another one by now. The book is locked.

    Args:
        owner_id: The owner.
        done: What :func:`hand_over` has returned.
        moment: The time.
        is_kept: Whether the contact that has stayed keeps what it got, and so its memberships.
    """
    ids = {done.into, *(each for group in done.groups for each in group.member_ids)}
    ids |= {done.me} if done.me is not None else set()
    rows = await current_client().fetch(_CONTACTS, [owner_id, list(ids), done.into])
    there = {row["id"]: _contact(row, owner_id) for row in rows}
    heir = there[done.into]  # a tombstone lasts longer than an operation can be undone
    changed = {each.group_id: each for each in done.groups}

    def successors(listed: Sequence[str], group_id: int) -> Successors:
        group = changed[group_id]
        back = [there[each].uid for each in group.member_ids if each in there]
        back = [uid for uid in back if uid not in listed]
        if heir.uid not in listed or (is_kept and not back):
            return {}
        stays = is_kept or not group.is_new
        return {heir.uid: [heir.uid, *back] if stays else back}

    found = await current_client().fetch(_SIZES, [owner_id, list(changed)])
    await _rewrite(owner_id, found, successors, moment)
    if done.me in there and await _me(owner_id) == heir.name:
        await current_client().fetch(_SET_ME, [owner_id, there[done.me].name])


async def _me(owner_id: int) -> str | None:
    rows = await current_client().fetch(_ME, [owner_id])
    return rows[0]["me_card"] if rows else None


async def _rewrite(
    owner_id: int,
    found: Sequence[asyncpg.Record],
    successors: Callable[[Sequence[str], int], Successors],
    moment: datetime,
) -> None:
    """Write groups with the members that they get.

    Args:
        owner_id: The owner.
        found: The id of each, and the ``size`` of its card.
        successors: Tells who comes in whose place, of the members and the id of a group.
        moment: The time.
    """

    def written(rows: Sequence[asyncpg.Record]) -> list[list[Any]]:
        runs = [(row, successors(row["members"], row["id"])) for row in rows]
        return [
            [owner_id, row["id"], _listed(row["members"], change), _text(row, change), moment]
            for row, change in runs
            if change
        ]

    for ids in _parts(found):
        rows = await current_client().fetch(_READ, [owner_id, ids])
        if runs := await asyncio.to_thread(written, rows):
            await current_client().fetch_for_each(_WRITE, runs)


def _parts(found: Iterable[asyncpg.Record]) -> Iterator[list[int]]:
    """Yield the ids of groups whose cards have MAX_BYTES together, or of one that is larger."""
    part: list[int] = []
    total = 0
    for group_id, size in found:
        if part and total + size > MAX_BYTES:
            yield part
            part, total = [], 0
        part.append(group_id)
        total += size
    if part:
        yield part


def _listed(members: Sequence[str], change: Successors) -> list[str]:
    return [new for member in members for new in change.get(member, [member])]


def _text(row: asyncpg.Record, change: Successors) -> bytes:
    """Return the card of a group with other members, each written as the one before it was."""
    text = bytes(row["text"])
    for card in read_cards([text]):
        if isinstance(card, Card):
            properties = list(_replaced(card.properties, dict(change)))
            return repaired(card._replace(properties=properties), row["uid"], row["format"])
    return text


def _replaced(
    properties: Iterable[Property], change: dict[str, Sequence[str]]
) -> Iterator[Property]:
    for each in properties:
        uid = group_member(each)
        if uid is None or uid not in change:
            yield each
            continue
        scheme = each.value.removesuffix(member_uid(each.value))
        yield from (each._replace(value=scheme + new) for new in change[uid])
        change[uid] = ()  # who is listed twice has no more successors
