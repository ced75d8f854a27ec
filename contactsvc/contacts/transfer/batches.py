"""Makes what a reader finds ready to be written, batch by batch.

A few contacts at a time take each step. The processor's caches have room for the code of one step,
and what a step leaves behind is gone before Python's garbage collector would look at it.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from contactsvc.contacts.transfer.prepared import Prepared, prepared
from contactsvc.contacts.transfer.reading import STEP
from contactsvc.contacts.transfer.records import Read, Unreadable
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.rules import FittedContact, fitted
from contactsvc.contacts.transfer.spool import Ready, ready

BATCH: Final = 250
"""Contacts that are read, and written, at a time: a few milliseconds of the event loop."""

_HEAVY: Final = 4 * 1024 * 1024
"""Bytes of photos and long texts after which a batch ends."""


class WithPhoto(NamedTuple):
    """A contact of which the photo is to be drawn before it is ready.

    Args:
        contact: The contact.
        read: The contact as the file has it, with its photo.
    """

    contact: Prepared
    read: FittedContact


Batch = list[Ready | WithPhoto | None]
"""Contacts of a file; None is one that cannot be read."""


class Batches:
    """The batches of a file.

    Args:
        reads: What is in the file.
        region: See :func:`prepared`.
        tag: A tag that every contact gets; empty is none.
        is_merged: See :func:`ready`.
        report: Is told what cannot be read, and what was repaired.
    """

    def __init__(
        self, reads: Iterator[Read], region: str | None, tag: str, is_merged: bool, report: Report
    ) -> None:
        self._reads, self._report = reads, report
        self._region, self._tag, self._is_merged = region, tag, is_merged

    def next(self) -> Batch:
        """Read up to BATCH contacts; none are left if there are none."""
        batch: Batch = []
        weight = 0
        while len(batch) < BATCH and weight <= _HEAVY:
            step: list[FittedContact | None] = []
            for read in islice(self._reads, STEP):
                contact = self._fitted(read)
                step.append(contact)
                weight += _weight(contact) if contact else 0
                if weight > _HEAVY:
                    break
            if not step:
                break
            batch += self._ready(step)
        return batch

    def _fitted(self, read: Read) -> FittedContact | None:
        contact = read if isinstance(read, Unreadable) else fitted(read)
        if isinstance(contact, Unreadable):
            self._report.errors.add([contact.remark])
            return None
        self._report.warnings.add(contact.remarks)
        return contact

    def _ready(self, step: list[FittedContact | None]) -> Iterator[Ready | WithPhoto | None]:
        contacts = [each and prepared(each, self._region, self._tag) for each in step]
        for contact, read in zip(contacts, step, strict=True):
            if contact is None or read is None:
                yield None
            elif read.photo is None:
                yield self.finished(contact)
            else:
                yield WithPhoto(contact, read)

    def finished(self, contact: Prepared) -> Ready:
        """Return a contact that has all that it will have."""
        return ready(contact, is_merged=self._is_merged)


def _weight(contact: FittedContact) -> int:
    lines = sum(map(len, contact.extra)) + len(contact.fields.get("notes", ""))
    return lines + len(contact.photo or b"")
