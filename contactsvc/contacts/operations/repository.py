"""Keeps what was done to many contacts at once, so that it can be undone as one."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson
from tortoise.connection import get_connection

from contactsvc.contacts.operations.model import ContactOperation, OperationKind
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH
from contactsvc.platform.database.keysets import Keyset, Page, Position
from contactsvc.platform.errors import NotFound

TTL: Final = 90 * 86400
"""Seconds that an operation is kept: as long as the versions from before it."""

NEWEST_FIRST: Final = Keyset(("id",), descending=True)
"""The order of the operations of an owner; the primary key."""

_LISTED: Final = ("id", "kind", "at", "contacts", "undone_at")

_ADD: Final = (
    "INSERT INTO contact_operations"
    " (owner_id, kind, at, contacts, contact_ids, versions_before, versions_after, handed_over)"
    " VALUES ($1, $2, $3, $4, $5::text::bigint[], $6::text::int[], $7::text::int[],"
    " $8::text::jsonb) RETURNING id"
)
"""Arrays come as text: asyncpg would encode 50,000 numbers on the event loop, one by one."""

_RECORDED: Final = (
    "SELECT kind, at, undone_at, contact_ids::text AS ids, versions_before::text AS before,"
    " versions_after::text AS after, handed_over::text FROM contact_operations"
    " WHERE owner_id = $1 AND id = $2"
)
_UNDONE: Final = "UPDATE contact_operations SET undone_at = $3 WHERE owner_id = $1 AND id = $2"
_SHOWN: Final = (
    "SELECT there.* FROM unnest($2::bigint[]) AS wanted (id),"
    " LATERAL (SELECT id, display_name FROM contacts WHERE owner_id = $1"
    " AND contacts.id BETWEEN wanted.id AND wanted.id ORDER BY contacts.id LIMIT 1) AS there"
)
"""In the order of the key, for the reason that bulk.take_order_from_indexes has."""

_PURGE: Final = f"""
DELETE FROM contact_operations USING (
    SELECT owner_id, id FROM contact_operations WHERE at < $1 ORDER BY at LIMIT {BATCH}) AS due
WHERE contact_operations.owner_id = due.owner_id AND contact_operations.id = due.id
"""  # noqa: S608 - a number of ours


class Changed(NamedTuple):
    """What an operation has done to one contact.

    Args:
        contact_id: The contact's id.
        before: Its version before; 0 where it was added.
        after: Its version after; 0 where it was deleted as it was, and less where it was changed,
            too, before it was deleted with that version.
    """

    contact_id: int
    before: int
    after: int


class ChangedGroup(NamedTuple):
    """What a merge has done to one group.

    Args:
        group_id: The group's id.
        is_new: Whether the contact that stays has come to be a member.
        member_ids: The ids of those that were members and are merged into it.
    """

    group_id: int
    is_new: bool
    member_ids: Sequence[int]


class HandedOver(NamedTuple):
    """What a merge has handed over to the contact that stays, besides values.

    Args:
        into: The id of that contact.
        me: The id of the one whose card was the owner's own before; None if none of them was.
        groups: The groups that listed one of the others.
    """

    into: int
    me: int | None
    groups: Sequence[ChangedGroup]


class Recorded(NamedTuple):
    """What an operation has done.

    Args:
        kind: What was done.
        at: When.
        undone_at: When it was undone; None if it was not.
        changed: What it has done to each contact, in the order of their ids.
        handed_over: What a merge has handed over; None if it was nothing.
    """

    kind: OperationKind
    at: datetime
    undone_at: datetime | None
    changed: list[Changed]
    handed_over: HandedOver | None


async def record(
    owner_id: int,
    kind: OperationKind,
    changed: Sequence[Changed],
    handed_over: HandedOver | None = None,
) -> int:
    """Add an operation, in the transaction around this, and return its id.

    Args:
        owner_id: The owner of the contacts.
        kind: What was done.
        changed: Each contact once.
        handed_over: What a merge has handed over; None if it was nothing.
    """
    arrays = await asyncio.to_thread(_arrays, changed)
    values = [owner_id, kind, now(), len(changed), *arrays, _as_json(handed_over)]
    rows = await get_connection("default").execute_query_dict(_ADD, values)
    return int(rows[0]["id"])


async def page(owner_id: int, limit: int, after: Position = None) -> Page[dict[str, Any]]:
    """Return up to ``limit`` operations of an owner, the newest first, as answers have them.

    Args:
        owner_id: The owner.
        limit: The most operations on the page.
        after: The ``next_position`` of the page before; None for the first page.
    """
    kept_since = now() - timedelta(seconds=TTL)
    found = ContactOperation.filter(owner_id=owner_id, at__gte=kept_since)
    return await NEWEST_FIRST.page(found, _LISTED, limit, after)


async def recorded(owner_id: int, operation_id: int) -> Recorded:
    """Return what an operation has done; the book is locked meanwhile.

    Raises:
        NotFound: The owner has no such operation, or it is forgotten.
    """
    values = [owner_id, operation_id]
    rows = await get_connection("default").execute_query_dict(_RECORDED, values)
    if not rows:
        raise NotFound
    row = rows[0]
    texts = [row["ids"], row["before"], row["after"]]
    changed = await asyncio.to_thread(_read_arrays, texts)
    kind, handed_over = OperationKind(row["kind"]), _from_json(row["handed_over"])
    return Recorded(kind, row["at"], row["undone_at"], changed, handed_over)


async def set_undone(owner_id: int, operation_id: int, moment: datetime) -> None:
    """Note that an operation was undone, in the transaction around this."""
    await get_connection("default").execute_query(_UNDONE, [owner_id, operation_id, moment])


async def shown(owner_id: int, ids: Sequence[int]) -> dict[int, str]:
    """Return what contacts are shown as, by the ids of those that are there."""
    if not ids:
        return {}
    rows = await get_connection("default").execute_query_dict(_SHOWN, [owner_id, list(ids)])
    return {row["id"]: row["display_name"] for row in rows}


def _read_arrays(texts: Sequence[str]) -> list[Changed]:
    """Return what was done to each contact; the arrays are as PostgreSQL writes them."""
    columns = [orjson.loads(f"[{text[1:-1]}]") for text in texts]
    return sorted(map(Changed._make, zip(*columns, strict=True)))


def _arrays(changed: Sequence[Changed]) -> list[str]:
    """Return the ids, the versions before and those after, as PostgreSQL writes arrays."""
    columns = (
        [each.contact_id for each in changed],
        [each.before for each in changed],
        [each.after for each in changed],
    )
    return [f"{{{orjson.dumps(numbers).decode()[1:-1]}}}" for numbers in columns]


def _as_json(done: HandedOver | None) -> str | None:
    if done is None:
        return None
    groups = [tuple(each) for each in done.groups]  # orjson takes no named ones
    return orjson.dumps(done._asdict() | {"groups": groups}).decode()


def _from_json(text: str | None) -> HandedOver | None:
    if text is None:
        return None
    done = HandedOver(**orjson.loads(text))
    return done._replace(groups=[ChangedGroup(*each) for each in done.groups])


async def purge(moment: datetime) -> int:
    """Remove up to BATCH operations that are TTL old at a time, and return how many it were."""
    before = moment - timedelta(seconds=TTL)
    count, _ = await get_connection("default").execute_query(_PURGE, [before])
    return count
