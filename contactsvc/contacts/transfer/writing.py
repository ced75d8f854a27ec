"""Writes the contacts of a file into a book that is locked, batch by batch."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

from contactsvc.contacts import bulk
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.merging import merged
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.operations.repository import Changed
from contactsvc.contacts.transfer import repository
from contactsvc.contacts.transfer.content_lines import left_out_remark
from contactsvc.contacts.transfer.matching import Known, marks
from contactsvc.contacts.transfer.report import Remarks
from contactsvc.contacts.transfer.repository import Candidate
from contactsvc.contacts.transfer.spool import Ready, Spool
from contactsvc.platform.clock import now

PHOTOS: Final = 20
"""Photos of one statement: 6 MB at the most."""

CHANGED: Final = 50
"""Contacts that are read at a time to be changed."""

Rows = dict[int, dict[str, Any]]


class OnDuplicate(StrEnum):
    """What becomes of a contact of a file that is there already."""

    SKIP = "skip"
    UPDATE = "update"
    CREATE = "create"


@dataclass
class Written:
    """What an import has done so far.

    Args:
        created: Contacts that were added.
        updated: Contacts of the file that have changed one that was there.
        skipped: Contacts of the file that were there already.
        changed: What was done to each contact.
        warnings: What of the file could not be kept.
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    changed: dict[int, Changed] = field(default_factory=dict)
    warnings: Remarks = field(default_factory=Remarks)


@dataclass
class _Plan:
    """What is to be done with a batch.

    Args:
        new: The contacts to add, by their places.
        found: The contacts of the file that are there, by the ids of these.
    """

    new: dict[int, Ready] = field(default_factory=dict)
    found: dict[int, list[Ready]] = field(default_factory=dict)


class Writer:
    """Writes into the book of one owner, in the transaction that has locked it.

    Args:
        owner_id: The owner.
        region: See ContactRepository.
        quota: The most contacts that the owner may have.
        on_duplicate: What becomes of contacts that are there already.
        spool: The photos of the contacts.
    """

    def __init__(
        self,
        owner_id: int,
        region: str | None,
        quota: int,
        on_duplicate: OnDuplicate,
        spool: Spool,
    ) -> None:
        self._owner_id, self._region, self._quota = owner_id, region, quota
        self._on_duplicate = on_duplicate
        self._spool = spool
        self._known = Known()
        self._ids: dict[int, int] = {}
        self._moment: datetime = now()
        self.written = Written()

    async def write(self, batch: Sequence[Ready]) -> None:
        """Write a batch.

        Raises:
            QuotaExceeded: The owner would have more contacts than the quota allows.
            Unauthenticated: The owner's account has just been deleted.
        """
        await self._learn(batch)
        plan = await asyncio.to_thread(self._plan, batch)
        new = list(plan.new.items())
        rows = [each.row for _, each in new]
        ids = await repository.insert(self._owner_id, rows, self._quota, self._moment)
        for (place, _), contact_id in zip(new, ids, strict=True):
            self._ids[place] = contact_id
            self.written.changed[contact_id] = Changed(contact_id, 0, 1)
        self.written.created += len(ids)
        await self._set_photos(zip(ids, plan.new.values(), strict=True))
        if plan.found:
            await self._update(plan.found)

    async def _learn(self, batch: Sequence[Ready]) -> None:
        """Ask for the contacts that those of a batch may be."""
        uids = [each.row.uid for each in batch]
        names = []
        if self._on_duplicate is not OnDuplicate.CREATE:
            names = [each.name for each in batch if self._known.is_new_name(each.name)]
        async for part in repository.candidates(self._owner_id, uids, names):
            await asyncio.to_thread(self._remember, part)

    def _remember(self, part: Sequence[Candidate]) -> None:
        for there in part:
            shared = marks(there.letters, there.emails, there.phones)
            self._known.add(there.id, there.uid, shared)

    def _plan(self, batch: Sequence[Ready]) -> _Plan:
        plan = _Plan()
        for each in batch:
            uid = each.row.uid
            place = self._known.by_uid(uid)
            if self._on_duplicate is OnDuplicate.CREATE:
                self._add(plan, each, is_taken=place is not None)
                continue
            if place is None:
                place = self._known.by_marks(each.marks)
            if place is None:
                self._add(plan, each)
            else:
                self._known.add(place, uid, each.marks)
                self._meet(plan, place, each)
        return plan

    def _add(self, plan: _Plan, each: Ready, *, is_taken: bool = False) -> None:
        if is_taken:
            each = each._replace(row=each.row._replace(uid=str(uuid4()), card_name=None))
        place = -1 - len(self._ids) - len(plan.new)
        plan.new[place] = each
        self._known.add(place, each.row.uid, each.marks)

    def _meet(self, plan: _Plan, place: int, each: Ready) -> None:
        """Plan what becomes of a contact that is there, or came before in the file."""
        if self._on_duplicate is OnDuplicate.SKIP:
            self.written.skipped += 1
        elif place in plan.new:
            first = plan.new[place]
            columns = self._changed(first.columns(), each)
            self._count(is_changed=columns is not None)
            if columns is not None:
                is_named = each.photo and each.photo.digest == columns["photo"]
                photo = each.photo if is_named else first.photo
                plan.new[place] = first.changed(columns, photo)
        else:
            plan.found.setdefault(self._ids.get(place, place), []).append(each)

    def _count(self, *, is_changed: bool) -> None:
        if is_changed:
            self.written.updated += 1
        else:
            self.written.skipped += 1

    def _changed(self, row: dict[str, Any], each: Ready) -> dict[str, Any] | None:
        """Return the columns of a contact with what the file says; None if that is no change."""
        fields, left_out = merged(row, each.fields())
        if left_out:
            self.written.warnings.add([left_out_remark(each.line, left_out)])
        if each.photo and row["photo"] not in (each.photo.original, each.photo.digest):
            fields["photo"] = each.photo.digest
        return of_change(row, fields, self._region, is_whole=False)

    async def _update(self, found: dict[int, list[Ready]]) -> None:
        pending = sorted(found)
        while pending:
            rows = await bulk.rows(self._owner_id, pending[:CHANGED])
            if not rows:
                return
            await self._update_rows(rows, found)
            pending = [contact_id for contact_id in pending if contact_id > max(rows)]

    async def _update_rows(self, rows: Rows, found: dict[int, list[Ready]]) -> None:
        changed = await asyncio.to_thread(self._changes, rows, found)
        await bulk.update(self._owner_id, changed, ChangedBy.IMPORT, self._moment)
        for contact_id, version, _ in changed:
            before = self.written.changed.get(contact_id, Changed(contact_id, version, 0)).before
            self.written.changed[contact_id] = Changed(contact_id, before, version + 1)
        with_photo = [
            (contact_id, each)
            for contact_id, _, columns in changed
            for each in found[contact_id]
            if each.photo and each.photo.digest == columns["photo"]
        ]
        await self._set_photos(with_photo)

    def _changes(
        self, rows: Rows, found: dict[int, list[Ready]]
    ) -> list[tuple[int, int, dict[str, Any]]]:
        """Return the contacts that change: the id, the version before, and the columns after."""
        changes = []
        for contact_id, row in rows.items():
            after = None
            for each in found[contact_id]:
                columns = self._changed(after or row, each)
                self._count(is_changed=columns is not None)
                after = columns or after
            if after is not None:
                changes.append((contact_id, row["version"], after))
        return changes

    async def _set_photos(self, contacts: Iterable[tuple[int, Ready]]) -> None:
        """Store the photos of contacts, a few at a time."""
        photos: list[tuple[int, str, bytes]] = []
        for contact_id, each in contacts:
            if each.photo is None:
                continue
            photos.append((contact_id, each.photo.digest, self._spool.photo(each.photo)))
            if len(photos) == PHOTOS:
                await repository.set_photos(self._owner_id, photos, self._moment)
                photos = []
        await repository.set_photos(self._owner_id, photos, self._moment)
