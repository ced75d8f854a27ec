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
from contactsvc.contacts.columns import of_any_release, to_database
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.photos.repository import KEEP
from contactsvc.contacts.rows import MAX_VERSIONS, UPDATE, WRITTEN, refused
from contactsvc.contacts.transfer.copied import COPIED, NewRow, copied
from contactsvc.contacts.transfer.matching import NameRange
from contactsvc.platform.database.row_sizes import bounded
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

_IN_ORDER: Final = ("SET LOCAL enable_sort = off", "SET LOCAL jit = off")
"""Until the transaction ends. What must be sorted all the same looks so dear to the planner without
sorting that it would be compiled, which takes a second."""

_IDS: Final = (
    "SELECT nextval(name) AS id FROM (SELECT pg_get_serial_sequence('contacts', 'id')::regclass"
    " AS name OFFSET 0) AS sequence, generate_series(1, $1)"
)
_ROWS: Final = bounded(
    "SELECT there.* FROM unnest($2::bigint[]) AS wanted (id),"
    f" LATERAL (SELECT {', '.join(WRITTEN)} FROM contacts WHERE owner_id = $1"
    " AND contacts.id BETWEEN wanted.id AND wanted.id ORDER BY contacts.id LIMIT 1) AS there",
    "extra",
    "id",
)
"""Contacts by their ids, in the order of the key, for the reason that _CANDIDATES has."""


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


async def take_order_from_indexes() -> None:
    """Let the rest of the transaction sort nothing that an index has in order.

    A book that is being filled looks small to the planner, which then takes any index that begins
    with the owner, and each statement would read the whole book.
    """
    for statement in _IN_ORDER:
        await current_client().fetch(statement, [])


async def candidates(
    owner_id: int, uids: Sequence[str], names: Iterable[NameRange]
) -> AsyncIterator[list[Candidate]]:
    """Yield the contacts that have one of these uids or names, some at a time, or twice.

    It is in a transaction, and :func:`take_order_from_indexes` comes before it.
    """
    ranges = [list(bounds) for bounds in zip(*names, strict=True)] or [[], []]
    values = [owner_id, list(uids), *ranges]
    async for part in current_client().fetch_parts(_CANDIDATES, values, CANDIDATES):
        yield await asyncio.to_thread(lambda rows: list(map(_candidate, rows)), part)


def _candidate(row: Mapping[str, Any]) -> Candidate:
    emails, phones = (orjson.loads(row[name] or "[]") for name in ("emails", "phones"))
    return Candidate(row["id"], row["uid"] or "", row["letters"] or b"", emails, phones)


async def rows(owner_id: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the columns of contacts, as this release writes them, by their ids in order.

    Where the first ones are so large that more would take too much memory, the rest is left out.
    """
    records = await current_client().fetch(_ROWS, [owner_id, list(ids)])
    return await asyncio.to_thread(
        lambda: {row["id"]: of_any_release(dict(row), owner_id) for row in records}
    )


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


async def update(
    owner_id: int, contacts: Sequence[tuple[int, int, dict[str, Any]]], moment: datetime
) -> None:
    """Change contacts in one round trip, and keep the versions before.

    Args:
        owner_id: The owner.
        contacts: The id of each, the version that it has, and the columns that it gets.
        moment: The time.
    """

    def run(contact_id: int, version: int, columns: dict[str, Any]) -> list[Any]:
        columns |= dict.fromkeys(("version", "derived_version"), version + 1)
        columns |= {"updated_at": moment, "changed_by": ChangedBy.IMPORT}
        place = [owner_id, contact_id, version, moment, MAX_VERSIONS]
        return [*place, *to_database(columns)]

    if contacts:
        runs = await asyncio.to_thread(lambda: [run(*each) for each in contacts])
        await current_client().fetch_for_each(UPDATE, runs)


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
