"""What becomes of contacts that are there, one operation after the other; nothing is written.

What the operations of a contact come to is written as one version, so that the one from before the
batch is kept, however many they are, and undoing the batch finds it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from contactsvc.contacts.bulk import NewVersion, versioned
from contactsvc.contacts.columns import of_change
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.rows import ContactRow, check_version, public
from contactsvc.platform.errors import NotFound, PreconditionFailed, ServiceError, ValidationFailed


class Method(StrEnum):
    """What an operation of a batch does."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"


@dataclass(frozen=True)
class Step:
    """One operation of a batch.

    Args:
        method: What it does.
        fields: Values of fields as a call for one contact takes them, or why they do not fit.
        contact_id: The contact's id; None for a new one.
        versions: The versions that the contact may have; None allows any.
    """

    method: Method
    fields: Mapping[str, Any] | ValidationFailed
    contact_id: int | None = None
    versions: Collection[int] | None = None


@dataclass(frozen=True)
class Outcome:
    """What has become of an operation.

    Args:
        contact: The contact after it; None where it was deleted, or where there is an error.
        error: Why it has changed nothing.
    """

    contact: ContactRow | None = None
    error: ServiceError | None = None


Steps = Iterable[tuple[int, Step]]
"""Operations with their places in the batch, in their order."""


@dataclass
class Plan:
    """What is to be done with contacts that are there.

    Args:
        owner_id: Their owner.
        region: See ContactRepository.
        moment: The time of the changes.
        updates: What each contact that changes becomes, once.
        deletions: The version that each contact has when it is deleted, by its id.
        deleted: The contact that each deletion removes, by the place of the operation.
        outcomes: What becomes of each operation, by its place.
    """

    owner_id: int
    region: str | None
    moment: datetime
    updates: list[NewVersion] = field(default_factory=list)
    deletions: dict[int, int] = field(default_factory=dict)
    deleted: dict[int, int] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)

    def add_all(self, rows: Mapping[int, Mapping[str, Any]], steps: Mapping[int, Steps]) -> None:
        """Plan the operations of some contacts.

        Args:
            rows: The columns of those that are there, by their ids, as :func:`bulk.rows` has them.
            steps: The operations of each, by its id.
        """
        for contact_id, own in steps.items():
            self._add(rows.get(contact_id), own)

    def _add(self, row: Mapping[str, Any] | None, steps: Steps) -> None:
        for place, step in steps:
            try:
                row = self._after(row, place, step)
            except (NotFound, PreconditionFailed, ValidationFailed) as error:
                self.outcomes[place] = Outcome(error=error)

    def _after(
        self, row: Mapping[str, Any] | None, place: int, step: Step
    ) -> Mapping[str, Any] | None:
        """Return the columns of a contact after an operation; None if it is gone then."""
        if isinstance(step.fields, ValidationFailed):
            raise step.fields
        if row is None:
            raise NotFound
        check_version(row["version"], step.versions, ())
        if step.method is Method.DELETE:
            self.deletions[row["id"]] = self._written_version(row)
            self.deleted[place] = row["id"]
            self.outcomes[place] = Outcome()
            return None
        row = self._changed(row, step.fields, is_whole=step.method is Method.REPLACE)
        self.outcomes[place] = Outcome(public(row, self.owner_id))
        return row

    def _changed(
        self, row: Mapping[str, Any], fields: Mapping[str, Any], *, is_whole: bool
    ) -> Mapping[str, Any]:
        columns = of_change(row, fields, self.region, is_whole=is_whole)
        if columns is None:
            return row
        columns = versioned(columns, row["version"] + 1, self.moment, ChangedBy.API)
        before = self.updates.pop().before if self._is_last(row) else row["version"]
        self.updates.append(NewVersion(row["id"], before, columns))
        return columns

    def _is_last(self, row: Mapping[str, Any]) -> bool:
        """Return whether the last change is one of this contact."""
        return bool(self.updates) and self.updates[-1].contact_id == row["id"]

    def _written_version(self, row: Mapping[str, Any]) -> int:
        """Return the version that a contact has once its changes are written as one."""
        return self.updates[-1].before + 1 if self._is_last(row) else int(row["version"])
