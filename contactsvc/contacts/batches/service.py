"""Runs a batch in a transaction that locks the book first.

Contacts that are there are changed and deleted before any is added, each with its own operations in
their order, so that the writes are few. What depends on the order of different contacts is decided
as if they came one after the other: a uid or a place that a deletion sets free.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from contactsvc.contacts import bulk, card_names
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.batches.planning import Method, Outcome, Plan, Step
from contactsvc.contacts.columns import of_new
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.operations import repository as operations
from contactsvc.contacts.operations.model import OperationKind
from contactsvc.contacts.operations.repository import Changed
from contactsvc.contacts.page_size import MAX_CHARACTERS, characters_of
from contactsvc.contacts.rows import UID_TAKEN, public
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import savepoint
from contactsvc.platform.errors import (
    Conflict,
    PayloadTooLarge,
    QuotaExceeded,
    ValidationFailed,
)

NOT_DONE: Final = "Not done, because another operation of the batch cannot be done."
_TOO_LARGE: Final = "These contacts are too large for one batch; divide it."


class _TakenBackError(Exception):
    """All or nothing was asked for, and something could not be done."""


@dataclass(frozen=True)
class Report:
    """What a batch has done.

    Args:
        outcomes: What has become of each operation.
        operation_id: By which it can be undone; None if no contact has changed.
        is_done: Whether it was done at all.
    """

    outcomes: list[Outcome]
    operation_id: int | None
    is_done: bool


class Batch:
    """A batch of changes in the book of one owner, which is run once.

    Args:
        owner_id: The owner.
        region: See ContactRepository.
        max_contacts: The quota.
        steps: The operations.
        is_atomic: Whether nothing is to be done where one of them fails.
    """

    def __init__(
        self,
        owner_id: int,
        region: str | None,
        max_contacts: int,
        steps: Sequence[Step],
        *,
        is_atomic: bool,
    ) -> None:
        self._owner_id, self._region, self._quota = owner_id, region, max_contacts
        self._steps, self._is_atomic = steps, is_atomic
        self._outcomes: dict[int, Outcome] = {}
        self._changed: dict[int, Changed] = {}
        self._deleted: dict[int, int] = {}
        self._characters = 0
        self._has_failed = False

    async def run(self) -> Report:
        """Do all of it, or what can be done.

        Raises:
            PayloadTooLarge: The contacts of the answer have more than MAX_CHARACTERS.
            Unauthenticated: The owner's account has just been deleted.
            Unavailable: PostgreSQL is away.
        """
        new = await asyncio.to_thread(self._new)
        operation_id, is_done = None, True
        async with address_books.locked(self._owner_id):
            try:
                async with savepoint():
                    operation_id = await self._write(new)
            except _TakenBackError:
                is_done = False
        not_done = Outcome(error=Conflict(NOT_DONE))
        found = [self._outcomes.get(place, not_done) for place in range(len(self._steps))]
        outcomes = [each if is_done or each.error else not_done for each in found]
        return Report(outcomes, operation_id, is_done)

    def _new(self) -> dict[int, dict[str, Any]]:
        """Return the columns of the contacts to add, by the places of their operations."""
        new = {}
        for place, step in enumerate(self._steps):
            try:
                if isinstance(step.fields, ValidationFailed):
                    raise step.fields
                if step.method is Method.CREATE:
                    new[place] = of_new(step.fields, self._region)
            except ValidationFailed as error:
                self._note({place: Outcome(error=error)})
        return new

    def _note(self, outcomes: Mapping[int, Outcome]) -> None:
        self._outcomes |= outcomes
        contacts = [each.contact for each in outcomes.values() if each.contact]
        self._characters += sum(map(characters_of, contacts))
        if self._characters > MAX_CHARACTERS:
            raise PayloadTooLarge(_TOO_LARGE)
        self._has_failed |= any(each.error for each in outcomes.values())

    @property
    def _is_doomed(self) -> bool:
        """Whether nothing is written any more, while it is still found out what else fails."""
        return self._is_atomic and self._has_failed

    async def _write(self, new: dict[int, dict[str, Any]]) -> int | None:
        moment = now()
        given = [row["uid"] for place, row in new.items() if self._has_uid(place)]
        taken = await bulk.ids_of_uids(self._owner_id, given) if given else {}
        room = self._quota - await address_books.count(self._owner_id) if new else 0
        await self._change(moment)
        self._admit(new, taken, room)
        if self._is_doomed:
            raise _TakenBackError
        await self._add(new, moment)
        if not self._changed:
            return None
        changed = list(self._changed.values())
        return await operations.record(self._owner_id, OperationKind.BATCH, changed)

    def _has_uid(self, place: int) -> bool:
        """Return whether a new contact has brought its uid, which may be somebody's."""
        fields = self._steps[place].fields
        return not isinstance(fields, ValidationFailed) and bool(fields.get("uid"))

    async def _change(self, moment: datetime) -> None:
        """Change and delete contacts that are there."""
        steps: dict[int, list[tuple[int, Step]]] = defaultdict(list)
        for place, step in enumerate(self._steps):
            if step.contact_id is not None:
                steps[step.contact_id].append((place, step))
        pending = sorted(steps)
        while pending:
            asked = pending[: bulk.BATCH]
            rows = await bulk.rows(self._owner_id, asked)
            read = [each for each in asked if each <= max(rows)] if rows else asked
            plan = Plan(self._owner_id, self._region, moment)
            await asyncio.to_thread(plan.add_all, rows, {each: steps[each] for each in read})
            await self._apply(plan)
            pending = pending[len(read) :]

    async def _apply(self, plan: Plan) -> None:
        self._note(plan.outcomes)
        self._deleted |= plan.deleted
        if self._is_doomed:
            return
        await bulk.update(self._owner_id, plan.updates, ChangedBy.API, plan.moment)
        await bulk.delete(self._owner_id, list(plan.deletions.items()), plan.moment)
        for contact_id, before, columns in plan.updates:
            self._count(contact_id, before, columns["version"])
        for contact_id, before in plan.deletions.items():
            after = -before if contact_id in self._changed else 0
            self._count(contact_id, before, after)

    def _count(self, contact_id: int, before: int, after: int) -> None:
        first = self._changed.get(contact_id, Changed(contact_id, before, after))
        self._changed[contact_id] = first._replace(after=after)

    def _admit(self, new: dict[int, dict[str, Any]], taken: dict[str, int], room: int) -> None:
        """Take those out of the contacts to add that cannot be added.

        Args:
            new: Their columns, by the places of the operations.
            taken: The ids of the contacts that have had their uids before the batch, by uid.
            room: How many could be added before the batch.
        """
        uids, held = {contact_id: uid for uid, contact_id in taken.items()}, set(taken)
        for place in sorted({*new, *self._deleted}):
            if (contact_id := self._deleted.get(place)) is not None:
                room += 1
                held.discard(uids.get(contact_id, ""))
                continue
            uid = new[place]["uid"]
            if room > 0 and uid not in held:
                room -= 1
                held.add(uid)
                continue
            error = QuotaExceeded() if room <= 0 else Conflict(UID_TAKEN)
            self._note({place: Outcome(error=error)})
            del new[place]

    async def _add(self, new: dict[int, dict[str, Any]], moment: datetime) -> None:
        """Add contacts, whose uids are known to be nobody's."""
        if named := [row for place, row in new.items() if self._has_uid(place)]:
            await card_names.settle(self._owner_id, named)
        places = list(new)
        for start in range(0, len(places), bulk.BATCH):
            part = places[start : start + bulk.BATCH]
            rows = [new[place] for place in part]
            ids = await bulk.insert(self._owner_id, rows, self._quota, moment, ChangedBy.API)
            contacts = [
                public(row | {"id": contact_id}, self._owner_id)
                for row, contact_id in zip(rows, ids, strict=True)
            ]
            self._note({p: Outcome(contact) for p, contact in zip(part, contacts, strict=True)})
            for contact_id in ids:
                self._count(contact_id, 0, 1)
