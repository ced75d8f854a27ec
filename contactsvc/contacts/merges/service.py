"""Merges contacts into one of them: it gets what they have besides, and they go into the trash.

Their values stay as they are there, those too that the one has otherwise, and what it was before is
a version of it. So nothing is lost, and all of it can be undone as one operation.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import Event
from contactsvc.contacts import bulk
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.dav.cards import memberships
from contactsvc.contacts.merging import absorbed
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.operations import repository as operations
from contactsvc.contacts.operations.model import OperationKind
from contactsvc.contacts.operations.repository import Changed
from contactsvc.contacts.photos import repository as photos
from contactsvc.contacts.rows import ContactRow, check_version, public
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import FieldError, NotFound, ValidationFailed

Columns = dict[str, Any]


@dataclass(frozen=True)
class Merge:
    """What is to be merged.

    Args:
        into: The id of the contact that stays.
        others: The ids of those that are merged into it, each once.
        fields: Fields that it gets whatever the contacts have, as a merge patch.
        versions: The versions that it may have; None allows any.
        unless: The versions that it may not have.
    """

    into: int
    others: Sequence[int]
    fields: Mapping[str, Any]
    versions: Collection[int] | None = None
    unless: Collection[int] = ()


class Outcome(NamedTuple):
    """What has become of a merge.

    Args:
        contact: The contact that stays.
        version: Its version.
        operation_id: The operation by which it can be undone; None in a preview.
    """

    contact: ContactRow
    version: int
    operation_id: int | None


class Merger:
    """Merges contacts of one owner.

    Args:
        owner_id: The owner, who does it.
        region: See ContactRepository.
        caller: The client, for the audit log.
    """

    def __init__(self, owner_id: int, region: str | None, caller: Caller) -> None:
        self._owner_id, self._region, self._caller = owner_id, region, caller

    async def preview(self, wanted: Merge) -> Outcome:
        """Return what :meth:`run` would make of the contact, and change nothing.

        Raises:
            ServiceError: As :meth:`run`.
        """
        async with transaction():
            rows = await self._rows(wanted)
        row = rows[wanted.into]
        columns = await asyncio.to_thread(self._united, wanted, rows)
        return Outcome(public(columns or row, self._owner_id), row["version"], None)

    async def run(self, wanted: Merge) -> Outcome:
        """Merge contacts, in one transaction.

        Raises:
            NotFound: The owner does not have one of the contacts.
            Conflict: Not all of what they keep has room in one contact.
            PreconditionFailed: The contact that stays has a version that it may not have.
            ValidationFailed: It would have no name of any kind, a field contradicts its list, or
                the id or uid is another one.
            Unauthenticated: The owner's account has just been deleted.
        """
        async with address_books.locked(self._owner_id):
            rows = await self._rows(wanted)
            columns = await asyncio.to_thread(self._united, wanted, rows)
            return await self._write(wanted, rows, columns)

    async def _rows(self, wanted: Merge) -> dict[int, Columns]:
        """Return the columns of all contacts."""
        rows: dict[int, Columns] = {}

        async def read(ids: Sequence[int]) -> dict[int, Columns]:
            return await bulk.rows(self._owner_id, ids)

        async for _, found in bulk.in_parts(sorted({wanted.into, *wanted.others}), read):
            rows |= found
        names = {f"/from/{place}": other for place, other in enumerate(wanted.others)}
        for name, contact_id in {"/into": wanted.into, **names}.items():
            if contact_id not in rows:
                raise NotFound(f"There is no contact {contact_id}, which {name} names.")
        check_version(rows[wanted.into]["version"], wanted.versions, wanted.unless)
        return rows

    def _united(self, wanted: Merge, rows: Mapping[int, Columns]) -> Columns | None:
        """Return the columns of the contact that stays; None if it stays as it is."""
        row = before = rows[wanted.into]
        for other in wanted.others:
            row = absorbed(row, rows[other], self._region) or row
        fields = dict(wanted.fields)
        if fields.pop("id", wanted.into) != wanted.into:
            raise ValidationFailed.of("/contact/id", "Not the id of the contact that stays.")
        try:
            row = of_change(row, fields, self._region, is_whole=False) or row
        except ValidationFailed as error:
            raise ValidationFailed(
                [FieldError(f"/contact{pointer}", detail) for pointer, detail in error.errors]
            ) from error
        return None if all(row[name] == value for name, value in before.items()) else row

    async def _write(
        self, wanted: Merge, rows: Mapping[int, Columns], columns: Columns | None
    ) -> Outcome:
        owner_id, moment = self._owner_id, now()
        row = rows[wanted.into]
        gone = [(other, rows[other]["version"]) for other in wanted.others]
        changed = [Changed(other, version, 0) for other, version in gone]
        await bulk.delete(owner_id, gone, moment)
        if columns is not None:
            change = (wanted.into, row["version"], columns)
            await bulk.update(owner_id, [change], ChangedBy.MERGE, moment)
            changed.append(Changed(wanted.into, row["version"], columns["version"]))
            if columns["photo"] != row["photo"]:
                giver = next(each for each in wanted.others if rows[each]["photo"] is not None)
                await photos.copy(owner_id, giver, wanted.into)
        handed_over = await memberships.hand_over(owner_id, wanted.into, rows, moment)
        operation_id = await operations.record(owner_id, OperationKind.MERGE, changed, handed_over)
        await audit.record(
            Event.CONTACTS_MERGED,
            self._caller,
            user_id=owner_id,
            actor_id=owner_id,
            operation_id=operation_id,
            deleted=len(gone),
        )
        shown = columns or row
        return Outcome(public(shown, owner_id), shown["version"], operation_id)
