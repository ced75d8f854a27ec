# ruff: noqa: S608 - the statements are made of our own names
"""Queries of earlier versions of contacts: to list and restore them, and to forget them."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tortoise.connection import get_connection
from tortoise.queryset import QuerySet

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.keys import derived_columns
from contactsvc.contacts.model import ChangedBy, Contact
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import KEPT, ContactRow, check_version, public
from contactsvc.contacts.snapshots import columns_of, read_snapshots
from contactsvc.contacts.versions.model import ContactVersion
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH, by_owner
from contactsvc.platform.database.keysets import Keyset, Page, Position
from contactsvc.platform.database.row_sizes import bounded
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.errors import NotFound

TTL: Final = 90 * 86400
"""Seconds that a version is kept after it was replaced."""

NEWEST_FIRST: Final = Keyset(("version",), descending=True)
"""The order of the versions of a contact; the primary key."""

_MAX_VERSION: Final = 2**31 - 1
_LISTED: Final = ("version", "at", "by", "contact")
_STAYS: Final = (
    *("uid", "card_name", "photo", "created_at", "updated_at"),
    *("version", "derived_version", "changed_by"),
)
"""What does not go back to an earlier version."""
_RESTORED: Final = tuple(name for name in KEPT if name not in _STAYS)

_DUE: Final = (
    "SELECT owner_id, contact_id, version FROM contact_versions"
    f" WHERE replaced_at < $1 ORDER BY replaced_at LIMIT {BATCH}"
)
_REMOVE: Final = (
    f"WITH book AS ({address_books.LOCKED})"
    " DELETE FROM contact_versions AS old USING book,"
    " unnest($2::bigint[], $3::int[]) AS due (contact_id, version)"
    " WHERE old.owner_id = book.owner_id AND old.contact_id = due.contact_id"
    " AND old.version = due.version RETURNING old.version"
)
"""Removes versions, after the book was locked, as changes do. Parameters: owner, and the ids of
the contacts with the version of each."""


_EARLIER: Final = bounded(
    "SELECT there.* FROM unnest($2::bigint[], $3::int[]) AS wanted (contact_id, version),"
    " LATERAL (SELECT contact_id AS id, contact FROM contact_versions AS old"
    " WHERE old.owner_id = $1 AND old.contact_id = wanted.contact_id"
    " AND old.version = wanted.version LIMIT 1) AS there",
    "contact",
    "id",
)
"""Versions of contacts. Parameters: owner, and the ids of the contacts with the version of each."""


@dataclass(frozen=True)
class Version:
    """A contact as it was.

    Args:
        version: Its number, the ETag that it had.
        at: When the contact got these values.
        by: What wrote them.
        contact: The values; the photo, which has no versions, is the present one.
    """

    version: int
    at: datetime
    by: ChangedBy
    contact: ContactRow


class VersionRepository:
    """The earlier versions of one owner's contacts.

    Args:
        owner_id: The id of the user whose address book it is.
        region: See ContactRepository.
        max_contacts: See ContactRepository.
    """

    def __init__(self, owner_id: int, region: str | None, max_contacts: int) -> None:
        self._owner_id = owner_id
        self._region = region
        self._contacts = ContactRepository(owner_id, region, max_contacts)

    def _of(self, contact_id: int) -> QuerySet[ContactVersion]:
        kept_since = now() - timedelta(seconds=TTL)
        return ContactVersion.filter(
            owner_id=self._owner_id, contact_id=contact_id, replaced_at__gte=kept_since
        )

    async def page(self, contact_id: int, limit: int, after: Position = None) -> Page[Version]:
        """Return up to ``limit`` earlier versions of a contact, the newest first.

        Args:
            contact_id: The contact's id.
            limit: The most versions on the page.
            after: The ``next_position`` of the page before; None for the first page.

        Raises:
            NotFound: The owner has no such contact.
        """
        present = Contact.filter(owner_id=self._owner_id, id=contact_id)
        photo = await present.first().values("photo")
        if photo is None:
            raise NotFound
        page = await NEWEST_FIRST.page(self._of(contact_id), _LISTED, limit, after)
        return Page(
            [self._version(row, contact_id, photo) for row in page.rows], page.next_position
        )

    def _version(self, row: dict[str, Any], contact_id: int, photo: Mapping[str, Any]) -> Version:
        columns = {**columns_of(row["contact"], contact_id, self._owner_id), **photo}
        return Version(row["version"], row["at"], row["by"], public(columns, self._owner_id))

    async def restore(
        self,
        contact_id: int,
        version: int,
        versions: Collection[int] | None = None,
        unless: Collection[int] = (),
    ) -> tuple[ContactRow, int]:
        """Give a contact the values of an earlier version, and return it with its new version.

        The version before is kept. If no value differs, nothing is written and the version stays.

        Args:
            contact_id: The contact's id.
            version: The number of the earlier version.
            versions: The versions that the contact may have; None allows any.
            unless: The versions that the contact may not have.

        Raises:
            NotFound: The owner has no such contact, or that no such version.
            PreconditionFailed: The version is not in ``versions``, or is in ``unless``.
        """
        if version > _MAX_VERSION:
            raise NotFound
        found = await self._of(contact_id).filter(version=version).first().values("contact")
        if found is None:
            raise NotFound
        earlier = columns_of(found["contact"], contact_id, self._owner_id)

        def changed(row: Mapping[str, Any]) -> dict[str, Any] | None:
            check_version(row["version"], versions, unless)
            return restored(row, earlier, self._region)

        return await self._contacts.rewrite(contact_id, changed, ChangedBy.API)


def restored(
    row: Mapping[str, Any], earlier: Mapping[str, Any], region: str | None
) -> dict[str, Any] | None:
    """Return the columns of a contact with the values of a version; None if none differs.

    Args:
        row: The columns that it has.
        earlier: Those of the version.
        region: See ContactRepository.
    """
    columns = {**row, **{name: earlier[name] for name in _RESTORED}}
    return None if columns == row else columns | derived_columns(columns, region)


async def earlier_columns(owner_id: int, versions: Mapping[int, int]) -> dict[int, dict[str, Any]]:
    """Return the columns of versions by the ids of their contacts, in order.

    Where the first ones are so large that more would take too much memory, the rest is left out.

    Args:
        owner_id: The owner.
        versions: The number of one version of each contact, by its id.
    """
    values = [owner_id, list(versions), list(versions.values())]
    records = await current_client().fetch(_EARLIER, values)
    return await asyncio.to_thread(lambda: read_snapshots(records, owner_id))


async def purge(moment: datetime) -> int:
    """Remove up to BATCH versions that are TTL old at a time, and return how many it were."""
    before, count = moment - timedelta(seconds=TTL), 0
    rows = await get_connection("default").execute_query_dict(_DUE, [before])
    due = by_owner((row["owner_id"], row["contact_id"], row["version"]) for row in rows)
    for owner_id, keys in due.items():
        values = [owner_id, *map(list, zip(*keys, strict=True))]
        count += len(await get_connection("default").execute_query_dict(_REMOVE, values))
    return count
