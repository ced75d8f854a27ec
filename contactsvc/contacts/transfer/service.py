"""Imports the contacts of a file: all of it, or nothing.

First the whole file is read, in a thread, and lies ready beside memory. Then the owner's book is
locked, and everything is written in one transaction; a dry run takes it back again, so that what it
tells is what would have been.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO, Final

from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import Event
from contactsvc.contacts import bulk
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.operations import repository as operations
from contactsvc.contacts.operations.model import OperationKind
from contactsvc.contacts.photos.repository import digest_of
from contactsvc.contacts.schemas.limits import PHOTO_MAX_BYTES
from contactsvc.contacts.transfer.batches import Batches, WithPhoto
from contactsvc.contacts.transfer.prepared import Photo, Prepared, keep_photo
from contactsvc.contacts.transfer.reading import contents
from contactsvc.contacts.transfer.records import Read, Remark
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.rules import FittedContact
from contactsvc.contacts.transfer.spool import Ready, Spool
from contactsvc.contacts.transfer.writing import OnDuplicate, Writer
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import after_commit, transaction
from contactsvc.platform.errors import PayloadTooLarge, ValidationFailed
from contactsvc.platform.metrics import IMPORTED_CONTACTS
from contactsvc.platform.storage.pictures import Pictures

MAX_IMPORTED: Final = 50_000
"""Contacts that one import takes."""
AT_ONCE: Final = 2
"""Files that a process works on at a time."""
UPLOADS: Final = 8
"""Files of clients that a process has at a time: arriving, waiting, and worked on."""

_COUNTERS: Final = {
    result: IMPORTED_CONTACTS.labels(result)
    for result in ("created", "updated", "skipped", "failed")
}

Progress = Callable[[int, int], None]
"""Is told how many contacts have been written, and of how many; of none while they are read."""


Conclude = Callable[[Report], Awaitable[None]]
"""Is told what has become of a file that is imported, at the end of the transaction."""


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How a file is to be imported.

    Args:
        on_duplicate: What becomes of contacts that are there already.
        region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are read
            by; None leaves them as they stand there.
        tag: A tag that every contact gets; empty is none.
        dry_run: Whether nothing is to be changed.
        columns: What columns of a CSV file are to be read as, by their names.
    """

    on_duplicate: OnDuplicate = OnDuplicate.SKIP
    region: str | None = None
    tag: str = ""
    dry_run: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


class _TakenBackError(Exception):
    """Ends the transaction of a dry run."""


class Importer:
    """Imports files into the book of one owner.

    Args:
        owner_id: The owner.
        max_contacts: The quota.
        pictures: Draws photos anew.
        caller: Who does it, for the audit log.
        actor_id: The signed-in user who does it; None is a command.
    """

    def __init__(
        self,
        owner_id: int,
        max_contacts: int,
        pictures: Pictures,
        caller: Caller,
        actor_id: int | None,
    ) -> None:
        self._owner_id = owner_id
        self._max_contacts = max_contacts
        self._pictures = pictures
        self._caller, self._actor_id = caller, actor_id

    async def run_file(
        self,
        file: IO[bytes],
        options: ImportOptions,
        progress: Progress = lambda _done, _of: None,
        conclude: Conclude | None = None,
    ) -> Report:
        """Import a file; in a dry run, tell also what its columns are read as.

        Args:
            file: A vCard or CSV file that can be read from its beginning.
            options: How it is to be imported.
            progress: Is told how far it is.
            conclude: Is awaited before the commit, and not in a dry run.

        Raises:
            MalformedBody: It is neither vCard nor CSV.
            ValidationFailed: A column or a field that the options name is not there.
            ServiceError: As :meth:`run`.
        """
        found = await asyncio.to_thread(contents, file, options.columns)
        report = await self.run(found.reads, options, progress, conclude)
        if options.dry_run:
            report.mapping = found.mapping
        return report

    async def run(
        self,
        reads: Iterator[Read],
        options: ImportOptions,
        progress: Progress = lambda _done, _of: None,
        conclude: Conclude | None = None,
    ) -> Report:
        """Import what a reader finds, and tell what has become of it.

        Args:
            reads: What is in the file; it is read in a thread.
            options: How it is to be imported.
            progress: Is told how far it is.
            conclude: Is awaited before the commit, and not in a dry run.

        Raises:
            PayloadTooLarge: There are more than MAX_IMPORTED contacts, or MAX_READY bytes.
            QuotaExceeded: The owner would have more contacts than the quota allows.
            Unauthenticated: The owner's account has just been deleted.
            Unavailable: PostgreSQL is away.
        """
        report, spool = Report(), Spool()
        try:
            count = await self._prepare(reads, options, report, spool, progress)
            with suppress(_TakenBackError):
                async with transaction():
                    await self._write(count, options, report, spool, progress)
                    if conclude is not None:
                        await conclude(report)
        finally:
            spool.close()
        return report

    async def _prepare(
        self,
        reads: Iterator[Read],
        options: ImportOptions,
        report: Report,
        spool: Spool,
        progress: Progress,
    ) -> int:
        """Get everything ready that needs no database, and return how many contacts it is."""
        is_merged = options.on_duplicate is OnDuplicate.UPDATE
        batches = Batches(reads, options.region, options.tag, is_merged, report)
        count = 0
        while batch := await asyncio.to_thread(batches.next):
            count += len(batch)
            if count > MAX_IMPORTED:
                raise PayloadTooLarge(f"An import takes up to {MAX_IMPORTED} contacts; divide it.")
            contacts: list[Ready] = []
            for each in batch:
                if isinstance(each, WithPhoto):
                    drawn = await self._with_photo(each.contact, each.read, report, spool)
                    contacts.append(batches.finished(drawn))
                elif each is not None:
                    contacts.append(each)
            await asyncio.to_thread(spool.add, contacts)
            progress(count, 0)
        return count - report.failed

    async def _with_photo(
        self, contact: Prepared, read: FittedContact, report: Report, spool: Spool
    ) -> Prepared:
        """Return a contact with the photo that the file has of it, drawn anew."""
        if read.photo is None:
            return contact
        try:
            content = await self._drawn(read.photo)
        except ValidationFailed as error:
            became = "kept for exports" if keep_photo(contact, read) else "left out"
            detail = f"The photo is {became}. {error.errors[0].detail}"
            report.warnings.add([Remark(contact.line, "/photo_url", detail)])
            return contact
        kept = Photo(digest_of(read.photo), digest_of(content), *spool.add_photo(content))
        contact.columns["photo"] = kept.digest
        return contact._replace(photo=kept)

    async def _drawn(self, photo: bytes) -> bytes:
        if len(photo) > PHOTO_MAX_BYTES:
            raise ValidationFailed.of("", f"It has more than {PHOTO_MAX_BYTES // 1024**2} MiB.")
        return await self._pictures.fitted(photo, is_patient=True)

    async def _write(
        self,
        count: int,
        options: ImportOptions,
        report: Report,
        spool: Spool,
        progress: Progress,
    ) -> None:
        await address_books.lock(self._owner_id)
        await bulk.take_order_from_indexes()
        writer = Writer(
            self._owner_id, options.region, self._max_contacts, options.on_duplicate, spool
        )
        batches, done = spool.batches(), 0
        while batch := await asyncio.to_thread(next, batches, None):
            await writer.write(batch)
            done += len(batch)
            progress(done, count)
        written = writer.written
        report.created, report.updated = written.created, written.updated
        report.skipped = written.skipped
        report.warnings.include(written.warnings)
        if options.dry_run:
            raise _TakenBackError
        await self._record(report, list(written.changed.values()))

    async def _record(self, report: Report, changed: list[operations.Changed]) -> None:
        if changed:
            kind = OperationKind.IMPORT
            report.operation_id = await operations.record(self._owner_id, kind, changed)
        await audit.record(
            Event.CONTACTS_IMPORTED,
            self._caller,
            user_id=self._owner_id,
            actor_id=self._actor_id,
            created=report.created,
            updated=report.updated,
        )
        after_commit(lambda: _count(report))


def _count(report: Report) -> None:
    for result, counter in _COUNTERS.items():
        counter.inc(getattr(report, result))


def named_columns(texts: Sequence[str]) -> dict[str, str]:
    """Return what columns are to be read as, by their names.

    Args:
        texts: Each ``Column:field``.

    Raises:
        ValidationFailed: A text has no colon.
    """
    pairs = [text.rpartition(":") for text in texts]
    if wrong := [field for _, colon, field in pairs if not colon]:
        raise ValidationFailed.of("/map", f"{wrong[0][:100]!r} is not Column:field.")
    return {column: field for column, _, field in pairs}
