"""Undoes what was done to many contacts at once: for each that was not changed since.

An operation may have 50,000 contacts, so they are read and written some at a time, in one
transaction. The contacts that it has added go first, so that there is room for those that it has
deleted.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import Event
from contactsvc.contacts import bulk
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.dav.cards import memberships
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.operations import repository
from contactsvc.contacts.operations.model import OperationKind
from contactsvc.contacts.operations.repository import Changed, HandedOver
from contactsvc.contacts.photos import repository as photos
from contactsvc.contacts.trash import repository as trash
from contactsvc.contacts.versions import repository as versions
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.errors import Conflict

TTL: Final = 30 * 86400
"""Seconds within which an operation can be undone: as long as the trash keeps what it deleted."""

NAMED: Final = 100
"""Contacts that the answer names, of those that were kept; more are counted."""

_CHANGED: Final = "It has been changed since."
_DELETED: Final = "It has been deleted since."
_GONE: Final = "It has been deleted for good since."
_ONLY_ONE: Final = "It alone still has what was merged into it and deleted for good since."
_UID_TAKEN: Final = "Another contact has its uid now."

Columns = dict[str, Any]


class Kept(NamedTuple):
    """A contact that undoing has left as it is.

    Args:
        id: Its id.
        display_name: What it is shown as; empty if it was deleted for good.
        detail: Why.
    """

    id: int
    display_name: str
    detail: str


@dataclass
class Undone:
    """What undoing an operation has done.

    Args:
        restored: Contacts that are again as they were before the operation.
        kept: The first NAMED of those that were left as they are.
        kept_count: All of these.
    """

    restored: int = 0
    kept: list[Kept] = field(default_factory=list)
    kept_count: int = 0

    def as_answer(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        kept = [each._asdict() for each in self.kept]
        return {"restored": self.restored, "kept": kept, "kept_count": self.kept_count}


async def undo(
    owner_id: int, region: str | None, quota: int, operation_id: int, caller: Caller
) -> Undone:
    """Undo an operation, in one transaction.

    Args:
        owner_id: The owner, who does it.
        region: See ContactRepository.
        quota: The most contacts that the owner may have.
        operation_id: The operation.
        caller: The client, for the audit log.

    Raises:
        NotFound: The owner has no such operation.
        Conflict: It was undone already, or is too long ago.
        QuotaExceeded: The owner would have more contacts than the quota allows.
        Unauthenticated: The owner's account has just been deleted.
    """
    moment = now()
    async with address_books.locked(owner_id):
        done = await repository.recorded(owner_id, operation_id)
        if done.undone_at is not None:
            raise Conflict("It was undone already.")
        if done.at < moment - timedelta(seconds=TTL):
            raise Conflict(
                f"It is more than {TTL // 86400} days ago; it cannot be undone any more."
            )
        await bulk.take_order_from_indexes()
        work = _Undoing(owner_id, region, quota, moment)
        await work.take_away([each for each in done.changed if not each.before])
        changed = [each for each in done.changed if each.before and each.after > 0]
        deleted = [each for each in done.changed if each.before and each.after <= 0]
        if done.kind is OperationKind.MERGE and await work.are_gone(deleted):
            work.leave(changed)
        else:
            await work.change_back(changed)
        await work.put_back(deleted)
        if done.handed_over is not None:
            await work.give_back(done.handed_over)
        undone = await work.outcome()
        await repository.set_undone(owner_id, operation_id, moment)
        await audit.record(
            Event.OPERATION_UNDONE,
            caller,
            user_id=owner_id,
            actor_id=owner_id,
            operation_id=operation_id,
            restored=undone.restored,
            kept=undone.kept_count,
        )
    return undone


class _Undoing:
    """One operation while it is undone; the book is locked meanwhile."""

    def __init__(self, owner_id: int, region: str | None, quota: int, moment: datetime) -> None:
        self._owner_id, self._region, self._quota = owner_id, region, quota
        self._moment = moment
        self._restored = self._kept = 0
        self._named: dict[int, str] = {}

    async def take_away(self, added: Sequence[Changed]) -> None:
        """Move contacts into the trash that the operation has added."""
        for start in range(0, len(added), bulk.BATCH):
            after = {each.contact_id: each.after for each in added[start : start + bulk.BATCH]}
            gone = await bulk.delete(self._owner_id, list(after.items()), self._moment)
            there = await repository.shown(self._owner_id, list(after.keys() - gone))
            self._restored += len(after) - len(there)  # one that was deleted since is gone, too
            self._keep(sorted(there))

    async def change_back(self, changed: Sequence[Changed]) -> None:
        """Give contacts the values from before the operation."""
        by_id = {each.contact_id: each for each in changed}

        async def read(ids: Sequence[int]) -> dict[int, tuple[Columns | None, Columns]]:
            before = {contact_id: by_id[contact_id].before for contact_id in ids}
            earlier = await versions.earlier_columns(self._owner_id, before)
            rows = await bulk.rows(self._owner_id, list(earlier))
            last = max(rows or earlier, default=0)
            return {key: (rows.get(key), earlier[key]) for key in earlier if key <= last}

        async for ids, found in bulk.in_parts(list(by_id), read):
            unchanged = {
                key: (row, earlier)
                for key, (row, earlier) in found.items()
                if row is not None and row["version"] == by_id[key].after
            }
            await self._write(unchanged)
            self._count(ids, unchanged)

    async def _write(self, contacts: Mapping[int, tuple[Columns, Columns]]) -> None:
        changes = await asyncio.to_thread(self._changes, contacts)
        await bulk.update(self._owner_id, changes, ChangedBy.API, self._moment)
        without = [key for key, _, columns in changes if columns["photo"] is None]
        if with_photo := [key for key in without if contacts[key][0]["photo"] is not None]:
            await photos.remove(self._owner_id, with_photo)

    def _changes(
        self, contacts: Mapping[int, tuple[Columns, Columns]]
    ) -> list[tuple[int, int, Columns]]:
        """Return the contacts that change: the id, the version now, and the columns after."""
        changes = []
        for key, (row, earlier) in contacts.items():
            columns = versions.restored(row, earlier, self._region)
            if row["photo"] is not None and earlier["photo"] is None:
                columns = {**(columns or row), "photo": None}
            if columns is not None:
                changes.append((key, row["version"], columns))
        return changes

    async def are_gone(self, deleted: Sequence[Changed]) -> bool:
        """Return whether one of contacts that were deleted has been deleted for good since."""
        ids = [each.contact_id for each in deleted]
        there = set(await repository.shown(self._owner_id, ids))
        async for _, found in bulk.in_parts(ids, self._in_trash):
            there.update(found)
        return not there.issuperset(ids)

    def leave(self, changed: Sequence[Changed]) -> None:
        """Leave a contact as a merge has made it: nothing else has the others' values any more."""
        self._keep([each.contact_id for each in changed], _ONLY_ONE)

    async def put_back(self, deleted: Sequence[Changed]) -> None:
        """Take contacts out of the trash that the operation has deleted."""
        by_id = {each.contact_id: each for each in deleted}

        async for ids, found in bulk.in_parts(list(by_id), self._in_trash):
            same = {
                key: await self._as_before(by_id[key], columns)
                for key, columns in found.items()
                if columns["version"] == (-by_id[key].after or by_id[key].before)
            }
            restored = await trash.restore_all(
                self._owner_id, same, self._region, self._quota, self._moment
            )
            self._keep([key for key in same if key not in restored], _UID_TAKEN)
            self._count([key for key in ids if key not in same or key in restored], restored)

    async def give_back(self, done: HandedOver) -> None:
        """Let contacts be members of groups again; see :func:`memberships.give_back`."""
        is_kept = done.into in self._named  # which has all contacts of a merge
        await memberships.give_back(self._owner_id, done, self._moment, is_kept=is_kept)

    async def _as_before(self, done: Changed, columns: Columns) -> Columns:
        """Return the columns of a contact in the trash as they were before the operation."""
        if not done.after:
            return columns
        earlier = await versions.earlier_columns(self._owner_id, {done.contact_id: done.before})
        if done.contact_id not in earlier:
            return columns
        before = earlier[done.contact_id]
        restored = await asyncio.to_thread(versions.restored, columns, before, self._region)
        return restored or columns

    async def _in_trash(self, ids: Sequence[int]) -> dict[int, Columns]:
        return await trash.in_trash(self._owner_id, ids)

    def _count(self, ids: Sequence[int], restored: Collection[int]) -> None:
        self._restored += len(restored)
        self._keep([contact_id for contact_id in ids if contact_id not in restored])

    def _keep(self, ids: Sequence[int], detail: str = "") -> None:
        self._kept += len(ids)
        self._named |= dict.fromkeys(ids[: NAMED - len(self._named)], detail)

    async def outcome(self) -> Undone:
        """Return what was done, with the names of what was kept."""
        there = await repository.shown(self._owner_id, list(self._named))
        deleted: dict[int, str] = {}
        elsewhere = sorted(self._named.keys() - there.keys())
        async for _, found in bulk.in_parts(elsewhere, self._in_trash):
            deleted |= {key: columns["display_name"] for key, columns in found.items()}
        kept = [
            Kept(key, there[key], detail if detail == _ONLY_ONE else _CHANGED)
            if key in there
            else Kept(key, deleted.get(key, ""), detail or (_DELETED if key in deleted else _GONE))
            for key, detail in self._named.items()
        ]
        return Undone(self._restored, kept, self._kept)
