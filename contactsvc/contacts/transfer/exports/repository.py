"""Reads contacts with all that is exported of them, page by page.

No connection is held while a client takes its time. Pages go by the id, which never changes, so
that what is there from the beginning to the end comes exactly once.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from tortoise.connection import get_connection

from contactsvc.contacts.filter import ContactFilter, Found
from contactsvc.contacts.rows import READ, ContactRow, public
from contactsvc.platform.database.keysets import Keyset
from contactsvc.platform.errors import NotFound

PAGE: Final = 100
"""Contacts that are read at a time: 10 MB with all fields at their limits, and up to 2 MB more for
each that has as many content lines as are kept."""
PHOTOS: Final = 20
"""Contacts of which the photos are in memory at a time: 6 MB at the most."""

_BY_ID: Final = Keyset(("id",))
_LISTED: Final = (*READ, "extra")
_ONE: Final = f"SELECT {', '.join(_LISTED)} FROM contacts WHERE owner_id = $1 AND id = $2"  # noqa: S608
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
    owner_id: int, wanted: ContactFilter, region: str | None, *, with_photos: bool
) -> AsyncIterator[list[Exported]]:
    """Yield an owner's contacts, by their ids, some at a time.

    Args:
        owner_id: The owner.
        wanted: The filter.
        region: See :class:`~contactsvc.contacts.filter.Found`.
        with_photos: Whether photos are read, too.
    """
    connection, after = get_connection("default"), None
    while True:
        statement = Found(owner_id, wanted, region).page(_BY_ID, _LISTED, PAGE, after)
        rows = await connection.execute_query_dict(*statement)
        for start in range(0, len(rows), PHOTOS if with_photos else PAGE):
            part = rows[start : start + PHOTOS] if with_photos else rows
            photos = await _photos(owner_id, part) if with_photos else {}
            yield [_exported(row, owner_id, photos.get(row["id"])) for row in part]
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
    return _exported(rows[0], owner_id, photos.get(contact_id))


async def _photos(owner_id: int, rows: Sequence[Mapping[str, Any]]) -> dict[int, bytes]:
    ids = [row["id"] for row in rows if row["photo"]]
    if not ids:
        return {}
    found = await get_connection("default").execute_query_dict(_PHOTOS, [owner_id, ids])
    return {row["contact_id"]: bytes(row["content"]) for row in found}


def _exported(row: Mapping[str, Any], owner_id: int, photo: bytes | None) -> Exported:
    extra = orjson.loads(row["extra"]) if row["extra"] else []
    return Exported(public(row, owner_id), row["version"], extra, photo)
