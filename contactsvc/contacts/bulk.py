# ruff: noqa: S608 - the statements are made of our own names
"""Changes of many contacts of one owner, in few round trips."""

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_any_release, to_database
from contactsvc.contacts.keys import older_uid
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.rows import (
    DELETE,
    INSERT,
    MAX_VERSIONS,
    TIMES,
    UPDATE,
    WRITTEN,
    refused,
)
from contactsvc.platform.clock import now
from contactsvc.platform.database.row_sizes import bounded
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction

BATCH: Final = 50
"""Contacts of one transaction: their columns take some 5 ms of the event loop, and 0.1 s at all of
their limits, where they have 15 MB."""

_ROWS: Final = (
    f"SELECT {', '.join(WRITTEN)} FROM contacts WHERE owner_id = $1 AND id = ANY ($2) ORDER BY id"
)
_FIRST_ROWS: Final = bounded(
    "SELECT there.* FROM unnest($2::bigint[]) AS wanted (id),"
    # Not an equation, which would have no order.
    f" LATERAL (SELECT {', '.join(WRITTEN)} FROM contacts WHERE owner_id = $1"
    " AND contacts.id BETWEEN wanted.id AND wanted.id ORDER BY contacts.id LIMIT 1) AS there",
    "extra",
    "id",
)
"""Contacts by their ids, in the order of the key: see take_order_from_indexes."""

_IN_ORDER: Final = ("SET LOCAL enable_sort = off", "SET LOCAL jit = off")
"""Until the transaction ends. What must be sorted all the same looks so dear to the planner without
sorting that it would be compiled, which takes a second."""

_UIDS: Final = "SELECT uid, id FROM contacts WHERE owner_id = $1 AND uid = ANY ($2::text[])"

Found = TypeVar("Found")

Change = Callable[[Mapping[str, Any]], dict[str, Any] | None]
"""Returns the columns of a contact after a change, None if nothing is to be written."""


class NewVersion(NamedTuple):
    """A change of one contact.

    Args:
        contact_id: The contact's id.
        before: The version that it has.
        columns: The columns that it gets, as :func:`versioned` returns them.
    """

    contact_id: int
    before: int
    columns: dict[str, Any]


def versioned(
    columns: dict[str, Any], version: int, moment: datetime, by: ChangedBy
) -> dict[str, Any]:
    """Return the columns of a contact with what tells a version apart.

    Args:
        columns: As :func:`of_change` returns them.
        version: Its number.
        moment: When it is written.
        by: What writes it.
    """
    numbers = dict.fromkeys(("version", "derived_version"), version)
    return columns | numbers | {"updated_at": moment, "changed_by": by}


async def rewrite(owner_id: int, ids: Sequence[int], changed: Change, by: ChangedBy) -> int:
    """Change contacts in one transaction, keep the versions before, and return how many changed.

    Args:
        owner_id: The owner; contacts of others are not found.
        ids: The ids of up to BATCH contacts; those that are gone are left out.
        changed: What becomes of each.
        by: What changes them.
    """
    moment = now()
    async with transaction():
        connection = get_connection("default")
        await address_books.lock(owner_id)  # nobody else changes any of them until the commit
        values = []
        for record in await connection.execute_query_dict(_ROWS, [owner_id, list(ids)]):
            row = of_any_release(record, owner_id)
            if (columns := changed(row)) is None:
                continue
            values.append(_run(owner_id, row["id"], row["version"], columns, by, moment))
        if values:
            await connection.execute_many(UPDATE, values)  # one round trip for all of them
    return len(values)


async def take_order_from_indexes() -> None:
    """Let the rest of the transaction sort nothing that an index has in order.

    A book that is being filled looks small to the planner, which then takes any index that begins
    with the owner, and each statement would read the whole book.
    """
    for statement in _IN_ORDER:
        await current_client().fetch(statement, [])


async def rows(owner_id: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the columns of contacts, as this release writes them, by their ids in order.

    Where the first ones are so large that more would take too much memory, the rest is left out.
    The book is locked meanwhile.
    """
    records = await current_client().fetch(_FIRST_ROWS, [owner_id, list(ids)])
    return await asyncio.to_thread(
        lambda: {row["id"]: of_any_release(dict(row), owner_id) for row in records}
    )


async def ids_of_uids(owner_id: int, uids: Sequence[str]) -> dict[str, int]:
    """Return the ids of the contacts that have one of these uids, by uid."""
    records = await current_client().fetch(_UIDS, [owner_id, list(uids)])
    return {row["uid"]: row["id"] for row in records}


async def in_parts(
    ids: Sequence[int], read: Callable[[Sequence[int]], Awaitable[dict[int, Found]]]
) -> AsyncIterator[tuple[Sequence[int], dict[int, Found]]]:
    """Yield ids, some at a time, with what is found of them.

    Args:
        ids: The ids, in order.
        read: Returns what it finds of ids, up to BATCH: of the first ones alone, where more would
            take too much memory.
    """
    while ids:
        found = await read(ids[:BATCH])
        last = max(found, default=ids[:BATCH][-1])
        count = bisect_right(ids, last)
        yield ids[:count], found
        ids = ids[count:]


async def update(
    owner_id: int,
    contacts: Sequence[tuple[int, int, dict[str, Any]]],
    by: ChangedBy,
    moment: datetime,
) -> None:
    """Change contacts in one round trip, and keep the versions before; the book is locked.

    Args:
        owner_id: The owner.
        contacts: The id of each, the version that it has, and the columns that it gets.
        by: What changes them.
        moment: The time.
    """
    if contacts:
        runs = await asyncio.to_thread(
            lambda: [_run(owner_id, *each, by, moment) for each in contacts]
        )
        await current_client().fetch_for_each(UPDATE, runs)


def _run(
    owner_id: int,
    contact_id: int,
    version: int,
    columns: dict[str, Any],
    by: ChangedBy,
    moment: datetime,
) -> list[Any]:
    """Return the parameters of UPDATE, for columns that get their version, time and author."""
    columns |= versioned(columns, version + 1, moment, by)
    return [owner_id, contact_id, version, moment, MAX_VERSIONS, *to_database(columns)]


async def delete(owner_id: int, contacts: Sequence[tuple[int, int]], moment: datetime) -> set[int]:
    """Move contacts into the trash in one round trip, and return their ids; the book is locked.

    Args:
        owner_id: The owner.
        contacts: The id of each, and its version; one that has another version stays.
        moment: The time.
    """
    if not contacts:
        return set()
    runs = [
        [owner_id, contact_id, [version], [], moment, older_uid(owner_id, contact_id)]
        for contact_id, version in contacts
    ]
    return {row["id"] for row in await current_client().fetch_for_each(DELETE, runs)}


async def insert(
    owner_id: int, contacts: Sequence[dict[str, Any]], quota: int, moment: datetime, by: ChangedBy
) -> list[int]:
    """Add contacts in one round trip, and return their ids in this order.

    The book is locked since it was known to have room for them, and their uids and names to be
    nobody's.

    Args:
        owner_id: The owner.
        contacts: The columns of up to BATCH contacts, as :func:`of_new` returns them; they get
            those of their version.
        quota: The most contacts that the owner may have.
        moment: The time.
        by: What adds them.
    """

    def run(columns: dict[str, Any]) -> list[Any]:
        columns |= versioned(dict.fromkeys(TIMES, moment), 1, moment, by)
        return [owner_id, quota, *to_database(columns)]

    if not contacts:
        return []
    runs = await asyncio.to_thread(lambda: list(map(run, contacts)))
    try:
        records = await current_client().fetch_for_each(INSERT, runs)
    except IntegrityError as error:
        raise refused(error) from error
    return [row["id"] for row in records]
