"""Reads contacts with all that is exported of them, page by page.

No connection is held while a client takes its time. Pages go by the id, which never changes, so
that what is there from the beginning to the end comes exactly once.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from tortoise.connection import get_connection

from contactsvc.contacts.filter import ContactFilter, Found
from contactsvc.contacts.rows import READ, ContactRow, public
from contactsvc.platform.database.keysets import Keyset
from contactsvc.platform.errors import NotFound

PAGE: Final = 100
"""Contacts that are read at a time: 10 MB with all fields at their limits."""
LINES: Final = 2 * 1024 * 1024
"""Bytes of content lines that are in memory at a time; one contact may have as many."""
PHOTOS: Final = 20
"""Contacts of which the photos are in memory at a time: 6 MB at the most."""

Row = Mapping[str, Any]

_BY_ID: Final = Keyset(("id",))
_LISTED: Final = (*READ, "octet_length(extra::text) AS extra_size")
_ONE: Final = f"SELECT {', '.join(READ)}, extra FROM contacts WHERE owner_id = $1 AND id = $2"  # noqa: S608
_LINES: Final = (
    "SELECT id, extra FROM contacts WHERE owner_id = $1 AND id = ANY ($2::bigint[])"
    " AND extra IS NOT NULL"
)
_PHOTOS: Final = (
    "SELECT contact_id, content FROM contact_photos"
    " WHERE owner_id = $1 AND contact_id = ANY ($2::bigint[])"
)


@dataclass(frozen=True)
class Exported:
    """A contact with what no answer shows.

    Args:
        row: The contact.
        version: Its version.
        extra: Content lines of a vCard that have no field.
        photo: Its photo, a JPEG, where that was asked for.
    """

    row: ContactRow
    version: int
    extra: Sequence[str]
    photo: bytes | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The fields that clients write, with the lists and the uid."""
        return {**self.row, **orjson.loads(self.row["details"])}


async def contacts(
    owner_id: int,
    wanted: ContactFilter,
    region: str | None,
    *,
    with_photos: bool,
    with_lines: bool = True,
) -> AsyncIterator[list[Exported]]:
    """Yield an owner's contacts, by their ids, some at a time.

    Args:
        owner_id: The owner.
        wanted: The filter.
        region: See :class:`~contactsvc.contacts.filter.Found`.
        with_photos: Whether photos are read, too.
        with_lines: Whether content lines are.
    """
    connection, after = get_connection("default"), None
    while True:
        statement = Found(owner_id, wanted, region).page(_BY_ID, _LISTED, PAGE, after)
        rows = await connection.execute_query_dict(*statement)
        for part in _parts(rows, PHOTOS if with_photos else PAGE):
            photos = await _photos(owner_id, part) if with_photos else {}
            lines = await _lines(owner_id, part) if with_lines else {}
            yield [
                _exported(row, owner_id, lines.get(row["id"]), photos.get(row["id"]))
                for row in part
            ]
        if len(rows) < PAGE:
            return
        after = [rows[-1]["id"]]


async def one(owner_id: int, contact_id: int) -> Exported:
    """Return a contact with its photo.

    Raises:
        NotFound: The owner has no such contact.
    """
    rows = await get_connection("default").execute_query_dict(_ONE, [owner_id, contact_id])
    if not rows:
        raise NotFound
    photos = await _photos(owner_id, rows)
    return _exported(rows[0], owner_id, rows[0]["extra"], photos.get(contact_id))


def _parts(rows: Sequence[Row], most: int) -> Iterator[list[Row]]:
    """Yield so many rows at the most at a time, and fewer where they have many content lines."""
    part: list[Row] = []
    size = 0
    for row in rows:
        size += row["extra_size"] or 0
        if part and (len(part) == most or size > LINES):
            yield part
            part, size = [], row["extra_size"] or 0
        part.append(row)
    if part:
        yield part


async def _lines(owner_id: int, rows: Sequence[Row]) -> dict[int, str]:
    """Return the content lines of contacts, as JSON."""
    ids = [row["id"] for row in rows if row["extra_size"]]
    if not ids:
        return {}
    found = await get_connection("default").execute_query_dict(_LINES, [owner_id, ids])
    return {row["id"]: row["extra"] for row in found}


async def _photos(owner_id: int, rows: Sequence[Row]) -> dict[int, bytes]:
    ids = [row["id"] for row in rows if row["photo"]]
    if not ids:
        return {}
    found = await get_connection("default").execute_query_dict(_PHOTOS, [owner_id, ids])
    return {row["contact_id"]: bytes(row["content"]) for row in found}


def _exported(row: Row, owner_id: int, lines: str | None, photo: bytes | None) -> Exported:
    extra = orjson.loads(lines) if lines else []
    return Exported(public(row, owner_id), row["version"], extra, photo)
