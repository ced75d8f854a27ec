"""Makes files of contacts, while they are sent."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import orjson

from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import Event
from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.transfer.csv import writer as csv
from contactsvc.contacts.transfer.exports import repository
from contactsvc.contacts.transfer.exports.repository import Exported
from contactsvc.contacts.vcard.contact import from_contact
from contactsvc.contacts.vcard.writer import Version, write_card
from contactsvc.platform.caller import Caller
from contactsvc.web.accept import Form


class Format(StrEnum):
    """What contacts are exported as."""

    VCARD = "vcard"
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES: Final = {
    Format.VCARD: "text/vcard",
    Format.CSV: "text/csv",
    Format.JSON: "application/x-ndjson",
}
VERSIONS: Final = ("4.0", "3.0")
"""Of vCards that are written."""
CARDS: Final = tuple(Form(MEDIA_TYPES[Format.VCARD], version) for version in VERSIONS)
"""The forms of a contact as a vCard."""
CARD: Final = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n"
    "EMAIL;TYPE=work:ada@example.com\r\nEND:VCARD\r\n"
)
"""An example."""
AS_CARD: Final = {"schema": {"type": "string"}, "example": CARD}
"""How OpenAPI describes a contact as a vCard."""
_LINE: Final = orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE
SUFFIXES: Final = {Format.VCARD: "vcf", Format.CSV: "csv", Format.JSON: "ndjson"}


def card(contact: Exported, version: Version) -> bytes:
    """Return a contact as a vCard."""
    return write_card(from_contact(contact.fields, contact.extra, contact.photo), version)


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file of contacts of one owner.

    Args:
        owner_id: The owner.
        region: See ContactRepository.
        base_url: The setting PUBLIC_URL.
        format: What the file is.
        version: Of vCards, their version.
        wanted: The filter.
    """

    owner_id: int
    region: str | None
    base_url: str
    format: Format = Format.VCARD
    version: Version = "4.0"
    wanted: ContactFilter = field(default_factory=ContactFilter)

    async def pieces(
        self, progress: Callable[[int], None] = lambda _done: None
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of the file, in bounded memory.

        Args:
            progress: Is told how many contacts have been written.

        Raises:
            Unavailable: PostgreSQL is away.
        """
        write = self._writer()
        if self.format is Format.CSV:
            yield csv.header().encode()
        pages = repository.contacts(
            self.owner_id,
            self.wanted,
            self.region,
            with_photos=self.format is Format.VCARD,
            with_lines=self.format is not Format.JSON,
        )
        done = 0
        async for page in pages:
            yield await asyncio.to_thread(_joined, write, page)
            done += len(page)
            progress(done)

    def _writer(self) -> Callable[[Exported], bytes]:
        if self.format is Format.CSV:
            return lambda contact: csv.line(contact.fields, contact.extra).encode()
        if self.format is Format.JSON:
            return lambda contact: orjson.dumps(
                contact_json(contact.row, self.base_url), option=_LINE
            )
        return lambda contact: card(contact, self.version)


async def note(owner_id: int, caller: Caller, actor_id: int | None) -> None:
    """Write into the audit log that somebody's contacts were exported."""
    await audit.record(Event.SENSITIVE_READ, caller, user_id=owner_id, actor_id=actor_id)


def _joined(write: Callable[[Exported], bytes], page: Sequence[Exported]) -> bytes:
    return b"".join(map(write, page))
