"""What an import tells of a file: how many contacts became what, and what was wrong with which."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from contactsvc.contacts.transfer.records import Remark

SHOWN: Final = 100
"""Errors, and warnings, that a report names; more are counted."""


@dataclass
class Remarks:
    """Remarks, of which the first ones are kept.

    Args:
        count: How many there were.
        first: The first of them, SHOWN at the most.
    """

    count: int = 0
    first: list[Remark] = field(default_factory=list)

    def add(self, remarks: Iterable[Remark]) -> None:
        """Add remarks behind those that are there."""
        for remark in remarks:
            self.count += 1
            if len(self.first) < SHOWN:
                self.first.append(remark)

    def include(self, others: "Remarks") -> None:
        """Add the remarks of another collection, those that it only counts, too."""
        not_kept = others.count - len(others.first)
        self.add(others.first)
        self.count += not_kept

    def shown(self) -> list[dict[str, Any]]:
        """Return those that are kept, as answers have them."""
        return [
            {"line": remark.line, "pointer": remark.pointer, "detail": remark.detail}
            for remark in self.first
        ]


@dataclass
class Report:
    """The outcome of an import.

    Args:
        created: Contacts that were added.
        updated: Contacts of the file that have changed one that was there.
        skipped: Contacts of the file that were there already.
        errors: What could not be read; each is one contact that failed.
        warnings: What was read otherwise than it stands there.
        operation_id: The operation by which it can be undone; None if nothing was changed.
        mapping: In a dry run of a CSV file, what becomes of each column; None otherwise.
    """

    created: int = 0
    updated: int = 0
    skipped: int = 0
    errors: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)
    operation_id: int | None = None
    mapping: list[dict[str, Any]] | None = None

    @property
    def failed(self) -> int:
        """Contacts that could not be read."""
        return self.errors.count

    @property
    def total(self) -> int:
        """Contacts of the file."""
        return self.created + self.updated + self.skipped + self.failed

    def as_answer(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        answer = {
            "total": self.total,
            "created": self.created,
            "updated": self.updated,
            "skipped": self.skipped,
            "failed": self.failed,
            "operation_id": self.operation_id,
            "errors": self.errors.shown(),
            "error_count": self.errors.count,
            "warnings": self.warnings.shown(),
            "warning_count": self.warnings.count,
        }
        return answer if self.mapping is None else answer | {"mapping": self.mapping}
