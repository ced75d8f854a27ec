# ruff: noqa: S608 - the statements are made of our own names
"""Queries of deleted contacts: to list and restore them, and to forget them.

What is forgotten leaves a tombstone, the mere fact, which those who synchronise are told.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from contactsvc.contacts import card_names
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import to_database
from contactsvc.contacts.keys import derived_columns
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.repository import MAX_CONTACTS
from contactsvc.contacts.rows import COLUMNS, ContactRow, places, public, refused
from contactsvc.contacts.snapshots import columns_of, read_snapshots
from contactsvc.contacts.trash.model import DeletedContact
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH, by_owner
from contactsvc.platform.database.keysets import Keyset, Page, Position
from contactsvc.platform.database.row_sizes import bounded
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import NotFound, QuotaExceeded
from contactsvc.platform.settings.lifetimes import TOMBSTONE_TTL

NEWEST_FIRST: Final = Keyset(("deleted_at", "id"), descending=True)
"""The order of the trash; an index of the table."""

_LISTED: Final = ("id", "contact", "deleted_at")

_RESTORE: Final = (
    f"WITH book AS ({address_books.ONE_MORE}),"
    " gone AS (DELETE FROM deleted_contacts USING book"
    " WHERE deleted_contacts.owner_id = book.owner_id AND deleted_contacts.id = $3)"
    f" INSERT INTO contacts (owner_id, id, seq, {', '.join(COLUMNS)})"
    f" SELECT owner_id, $3, seq, {', '.join(places(4))} FROM book RETURNING id"
)
"""Adds a row if the quota allows, and ends its tombstone. Parameters: owner, quota, id, and the
values of COLUMNS."""

_IN_TRASH: Final = bounded(
    "SELECT there.* FROM unnest($2::bigint[]) AS wanted (id),"
    " LATERAL (SELECT id, contact FROM deleted_contacts AS deleted WHERE owner_id = $1"
    " AND deleted.id BETWEEN wanted.id AND wanted.id AND contact IS NOT NULL"
    " ORDER BY deleted.id LIMIT 1) AS there",
    "contact",
    "id",
)
"""Contacts in the trash by their ids, as bulk.py finds those that are there."""

_TAKEN: Final = (
    "SELECT wanted.uid FROM unnest($2::varchar[]) AS wanted (uid),"
    " LATERAL (SELECT FROM contacts WHERE owner_id = $1"
    " AND contacts.uid BETWEEN wanted.uid AND wanted.uid ORDER BY contacts.uid LIMIT 1) AS there"
)

_FORGET: Final = (
    f"WITH book AS ({address_books.LOCKED}),"
    " gone AS (UPDATE deleted_contacts SET contact = NULL FROM book"
    " WHERE deleted_contacts.owner_id = book.owner_id"
    " AND deleted_contacts.id = ANY($2::bigint[]) AND contact IS NOT NULL"
    " RETURNING deleted_contacts.owner_id, deleted_contacts.id),"
    " photos AS (DELETE FROM contact_photos USING gone"
    " WHERE contact_photos.owner_id = gone.owner_id AND contact_id = gone.id),"
    " versions AS (DELETE FROM contact_versions USING gone"
    " WHERE contact_versions.owner_id = gone.owner_id AND contact_id = gone.id),"
    " low AS (DELETE FROM dismissed_duplicates USING gone"
    " WHERE dismissed_duplicates.owner_id = gone.owner_id AND low_id = gone.id),"
    " high AS (DELETE FROM dismissed_duplicates USING gone"
    " WHERE dismissed_duplicates.owner_id = gone.owner_id AND high_id = gone.id)"
    " SELECT id FROM gone"
)
"""Leaves the tombstones of contacts, and nothing else. Parameters: owner and ids."""

_DUE: Final = f"deleted_at < $1 ORDER BY deleted_at LIMIT {BATCH}"
_SNAPSHOTS_DUE: Final = (
    f"SELECT owner_id, id FROM deleted_contacts WHERE contact IS NOT NULL AND {_DUE}"
)
_TOMBSTONES_DUE: Final = (
    f"SELECT owner_id, id FROM deleted_contacts WHERE contact IS NULL AND {_DUE}"
)

_END_TOMBSTONES: Final = (
    f"WITH book AS ({address_books.LOCKED}),"
    " gone AS (DELETE FROM deleted_contacts USING book"
    " WHERE deleted_contacts.owner_id = book.owner_id AND deleted_contacts.id = ANY($2::bigint[])"
    " AND contact IS NULL AND deleted_at < $3 RETURNING deleted_contacts.id, deleted_contacts.seq),"
    " newest AS (SELECT count(*) AS count, max(seq) AS seq FROM gone),"
    f" told AS ({address_books.FORGOTTEN})"
    " SELECT count FROM newest"
)
"""Removes tombstones, and notes in the book the number up to which they are gone. Parameters:
owner, ids, and the time before which they were deleted."""


@dataclass(frozen=True)
class Deleted:
    """A contact in the trash.

    Args:
        contact: The contact, without its photo, which is not shown meanwhile.
        deleted_at: When it was deleted.
    """

    contact: ContactRow
    deleted_at: datetime


class TrashRepository:
    """The deleted contacts of one owner; nobody else's can be reached through it.

    Args:
        owner_id: The id of the user whose address book it is.
        region: See ContactRepository.
        max_contacts: The quota, which what is restored counts towards.
    """

    def __init__(
        self, owner_id: int, region: str | None = None, max_contacts: int = MAX_CONTACTS
    ) -> None:
        self._owner_id = owner_id
        self._region = region
        self._max_contacts = max_contacts
        self._all = DeletedContact.filter(owner_id=owner_id, contact__isnull=False)

    async def page(self, limit: int, after: Position = None) -> Page[Deleted]:
        """Return up to ``limit`` contacts that can be restored, the last deleted first.

        Args:
            limit: The most contacts on the page.
            after: The ``next_position`` of the page before; None for the first page.
        """
        page = await NEWEST_FIRST.page(self._all, _LISTED, limit, after)
        return page.map(self._deleted)

    def _deleted(self, row: dict[str, Any]) -> Deleted:
        columns = columns_of(row["contact"], row["id"], self._owner_id) | {"photo": None}
        return Deleted(public(columns, self._owner_id), row["deleted_at"])

    async def restore(self, contact_id: int) -> tuple[ContactRow, int]:
        """Put a contact back, with its id and uid, as a new version, and return it with that.

        Raises:
            NotFound: There is no such contact in the trash.
            QuotaExceeded: The owner has as many contacts as the quota allows.
            Conflict: Another contact has got its uid.
            Unauthenticated: The owner's account has just been deleted.
        """
        async with transaction():
            await address_books.lock(self._owner_id)
            found = await self._all.filter(id=contact_id).first().values("contact")
            if found is None:
                raise NotFound
            columns = columns_of(found["contact"], contact_id, self._owner_id)
            columns = _as_new_version(columns, self._region, now())
            await card_names.settle(self._owner_id, [columns])
            await self._put_back(contact_id, columns)
        return public(columns, self._owner_id), columns["version"]

    async def _put_back(self, contact_id: int, columns: dict[str, Any]) -> None:
        values = [self._owner_id, self._max_contacts, contact_id, *to_database(columns)]
        try:
            while not await _run(_RESTORE, values):
                # The quota is used up, or the book's count is not known yet.
                if await address_books.recount(self._owner_id) >= self._max_contacts:
                    raise QuotaExceeded
        except IntegrityError as error:
            raise refused(error) from error

    async def forget(self, contact_id: int) -> None:
        """Remove a contact from the trash for good.

        Raises:
            NotFound: There is no such contact in the trash.
        """
        if not await _forget(self._owner_id, [contact_id]):
            raise NotFound

    async def empty(self) -> None:
        """Remove for good what is in the trash now, some at a time."""
        there = self._all.filter(deleted_at__lte=now()).order_by("id").limit(BATCH)
        after = 0
        while ids := cast(list[int], await there.filter(id__gt=after).values_list("id", flat=True)):
            await _forget(self._owner_id, ids)
            after = ids[-1]


def _as_new_version(
    columns: dict[str, Any], region: str | None, moment: datetime
) -> dict[str, Any]:
    """Return the columns of a contact that is put back; an ETag from before must not match."""
    version = dict.fromkeys(("version", "derived_version"), columns["version"] + 1)
    author = {"updated_at": moment, "changed_by": ChangedBy.API}
    return columns | derived_columns(columns, region) | version | author


async def in_trash(owner_id: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Return the columns of contacts that can be restored, by their ids in order.

    Where the first ones are so large that more would take too much memory, the rest is left out.
    """
    records = await current_client().fetch(_IN_TRASH, [owner_id, list(ids)])
    return await asyncio.to_thread(lambda: read_snapshots(records, owner_id))


async def restore_all(
    owner_id: int,
    contacts: Mapping[int, dict[str, Any]],
    region: str | None,
    quota: int,
    moment: datetime,
) -> set[int]:
    """Put contacts back as :meth:`TrashRepository.restore` does, and return their ids.

    One whose uid another contact has got stays where it is. The book is locked meanwhile.

    Args:
        owner_id: The owner.
        contacts: The columns of each as :func:`in_trash` returns them, by its id.
        region: See ContactRepository.
        quota: The most contacts that the owner may have.
        moment: The time.

    Raises:
        QuotaExceeded: There would be more.
    """
    uids = [owner_id, [columns["uid"] for columns in contacts.values()]]
    taken = {row["uid"] for row in await _run(_TAKEN, uids)}
    free = {key: columns for key, columns in contacts.items() if columns["uid"] not in taken}
    if not free:
        return set()
    new = await asyncio.to_thread(
        lambda: {key: _as_new_version(columns, region, moment) for key, columns in free.items()}
    )
    await card_names.settle(owner_id, list(new.values()))
    runs = [[owner_id, quota, key, *to_database(columns)] for key, columns in new.items()]
    restored = {row["id"] for row in await current_client().fetch_for_each(_RESTORE, runs)}
    if rest := [run for run in runs if run[2] not in restored]:
        # The quota is used up, or the book's count was not known yet.
        if await address_books.recount(owner_id) + len(rest) > quota:
            raise QuotaExceeded
        await current_client().fetch_for_each(_RESTORE, rest)
    return set(new)


async def purge(before: datetime) -> int:
    """Forget up to BATCH contacts that were deleted before a time, and return how many it were."""
    due = await _keys(_SNAPSHOTS_DUE, before)
    return sum([await _forget(owner_id, ids) for owner_id, ids in due])


async def purge_tombstones(moment: datetime) -> int:
    """Remove up to BATCH tombstones that are TOMBSTONE_TTL old at a time; return how many it were.

    A contact that is still in the trash keeps its own.
    """
    before, count = moment - timedelta(seconds=TOMBSTONE_TTL), 0
    for owner_id, ids in await _keys(_TOMBSTONES_DUE, before):
        count += (await _run(_END_TOMBSTONES, [owner_id, ids, before]))[0]["count"]
    return count


async def _keys(statement: str, before: datetime) -> list[tuple[int, list[int]]]:
    rows = await _run(statement, [before])
    groups = by_owner((row["owner_id"], row["id"]) for row in rows)
    return [(owner_id, [contact_id for (contact_id,) in keys]) for owner_id, keys in groups.items()]


async def _forget(owner_id: int, contact_ids: Sequence[int]) -> int:
    return len(await _run(_FORGET, [owner_id, list(contact_ids)]))


async def _run(statement: str, values: Sequence[Any]) -> list[dict[str, Any]]:
    return list(await get_connection("default").execute_query_dict(statement, list(values)))
