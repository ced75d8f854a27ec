# ruff: noqa: S608 - the statements are made of our own names
"""Statements of an import, each for many contacts of one owner, whose book is locked meanwhile."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from contactsvc.contacts import card_names
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.photos.repository import KEEP
from contactsvc.contacts.rows import refused
from contactsvc.contacts.transfer.copied import COPIED, NewRow, copied
from contactsvc.contacts.transfer.matching import NameRange
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.storage.pictures import FITTED_TYPE

MOST_OF_A_NAME: Final = 1000
"""Contacts of one name that are looked at; of more, some may be added once more."""

CANDIDATES: Final = 250
"""Contacts that are compared at a time; there may be as many as the whole book has."""

_CANDIDATES: Final = (
    "SELECT there.*, NULL AS letters, NULL AS emails, NULL AS phones"
    " FROM unnest($2::text[]) AS wanted (uid),"
    " LATERAL (SELECT id, uid FROM contacts WHERE owner_id = $1"
    # Not an equation, which would have no order.
    " AND contacts.uid BETWEEN wanted.uid AND wanted.uid ORDER BY contacts.uid LIMIT 1) AS there"
    " UNION ALL SELECT there.* FROM unnest($3::bytea[], $4::bytea[]) AS name (letters, past),"
    " LATERAL (SELECT id, uid, letters, details->'emails', details->'phones' FROM contacts"
    " WHERE owner_id = $1 AND last_name_sort >= letters AND last_name_sort < past"
    f" ORDER BY last_name_sort, id LIMIT {MOST_OF_A_NAME}) AS there"
)
"""Contacts that have one of these uids, or one of these names, each in the order of its index."""

_IDS: Final = (
    "SELECT nextval(name) AS id FROM (SELECT pg_get_serial_sequence('contacts', 'id')::regclass"
    " AS name OFFSET 0) AS sequence, generate_series(1, $1)"
)


class Candidate(NamedTuple):
    """A contact that is there, and by what it may be found.

    Args:
        id: Its id.
        uid: Its uid.
        letters: What the sort key of its name begins with; empty if its uid alone was asked for.
        emails: Its e-mails, if its name was asked for.
        phones: Its phones, if its name was asked for.
    """

    id: int
    uid: str
    letters: bytes
    emails: list[dict[str, Any]]
    phones: list[dict[str, Any]]


async def candidates(
    owner_id: int, uids: Sequence[str], names: Iterable[NameRange]
) -> AsyncIterator[list[Candidate]]:
    """Yield the contacts that have one of these uids or names, some at a time, or twice.

    It is in a transaction, and :func:`bulk.take_order_from_indexes` comes before it.
    """
    ranges = [list(bounds) for bounds in zip(*names, strict=True)] or [[], []]
    values = [owner_id, list(uids), *ranges]
    async for part in current_client().fetch_parts(_CANDIDATES, values, CANDIDATES):
        yield await asyncio.to_thread(lambda rows: list(map(_candidate, rows)), part)


def _candidate(row: Mapping[str, Any]) -> Candidate:
    emails, phones = (orjson.loads(row[name] or "[]") for name in ("emails", "phones"))
    return Candidate(row["id"], row["uid"] or "", row["letters"] or b"", emails, phones)


async def insert(
    owner_id: int, contacts: Sequence[NewRow], quota: int, moment: datetime
) -> list[int]:
    """Add contacts in four round trips and return their ids, in their order.

    Args:
        owner_id: The owner.
        contacts: The contacts.
        quota: The most contacts that the owner may have.
        moment: The time.

    Raises:
        QuotaExceeded: There would be more.
        Unauthenticated: The owner's account has just been deleted.
    """
    if not contacts:
        return []
    seq = await address_books.add(owner_id, len(contacts), quota)
    called = [each.card_name or each.uid for each in contacts]
    others = await card_names.other_names(owner_id, called, in_import=True)
    named = [
        each._replace(card_name=other) if other else each
        for each, other in zip(contacts, others, strict=True)
    ]
    client = current_client()
    ids = [row["id"] for row in await client.fetch(_IDS, [len(contacts)])]
    rows = await asyncio.to_thread(copied, owner_id, seq, ids, named, moment)
    try:
        await client.copy("contacts", COPIED, rows)
    except IntegrityError as error:
        raise refused(error) from error
    return ids


async def set_photos(
    owner_id: int, photos: Sequence[tuple[int, str, bytes]], moment: datetime
) -> None:
    """Store photos in one round trip: the contact, the digest and the bytes of each."""
    if photos:
        runs = [
            [owner_id, contact_id, digest, FITTED_TYPE, content, moment]
            for contact_id, digest, content in photos
        ]
        await get_connection("default").execute_many(KEEP, runs)
