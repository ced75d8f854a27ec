"""Contacts of files for the tests of imports, without a file, and the book that they go to."""

from typing import Any, Final

import asyncpg
import orjson

from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.records import Read, ReadContact
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.platform.caller import Caller
from contactsvc.platform.storage.pictures import Pictures

ADA: Final[dict[str, Any]] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
}
_JSON: Final = ("details", "extra")


def read(line: int = 1, *, extra: list[str] | None = None, **fields: Any) -> ReadContact:
    """Return a contact as a reader finds it; ``email`` and ``phone`` are the first of lists."""
    for name, plural in (("email", "emails"), ("phone", "phones")):
        if name in fields:
            fields[plural] = [{"value": fields.pop(name), "type": None, "label": ""}]
    photo, start = fields.pop("photo", None), fields.pop("photo_start", "")
    return ReadContact(line, fields, extra or [], photo, start)


class Book:
    """The address book of the owner, and imports into it."""

    def __init__(self, owner: int, pg: asyncpg.Connection, pictures: Pictures) -> None:
        self.owner, self.pg, self.pictures = owner, pg, pictures
        self.contacts = ContactRepository(owner)

    async def bring(self, *reads: Read, max_contacts: int = 100_000, **options: Any) -> Report:
        importer = Importer(self.owner, max_contacts, self.pictures, Caller(), None)
        return await importer.run(iter(reads), ImportOptions(**options))

    async def rows(self) -> list[dict[str, Any]]:
        rows = await self.pg.fetch("SELECT * FROM contacts ORDER BY id")
        return [{**row, **{n: orjson.loads(row[n] or "[]") for n in _JSON}} for row in rows]

    async def values(self, name: str, part: str = "value") -> list[list[Any]]:
        return [[entry[part] for entry in row["details"][name]] for row in await self.rows()]


def told(report: Report) -> tuple[int, int, int, int]:
    """Return how many contacts were created, updated, skipped, and failed."""
    return report.created, report.updated, report.skipped, report.failed
