# ruff: noqa: S608 - the statements are made of our own names
"""Reads all that is kept of one owner's contacts, page by page.

No connection is held while a client takes its time. Pages go by the key, which never changes, so
that what is there from the beginning to the end comes exactly once.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from tortoise.connection import get_connection

from contactsvc.contacts.rows import READ, ContactRow, public
from contactsvc.contacts.snapshots import columns_of
from contactsvc.contacts.versions.repository import Version
from contactsvc.platform.database.row_sizes import bounded

CONTACTS: Final = 100
"""Contacts of a page, or versions of them; fewer where their lists or content lines are so large
that they would take tens of megabytes (``MAX_BYTES``)."""
PHOTOS: Final = 20
"""Photos of a page: 6 MB at the most."""

_CONTACTS: Final = bounded(
    f"SELECT {', '.join(READ)} FROM contacts"
    f" WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT {CONTACTS}",
    "details",
    "id",
)
_DELETED: Final = bounded(
    "SELECT id, uid, deleted_at, contact FROM deleted_contacts"
    f" WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT {CONTACTS}",
    "contact",
    "id",
)
_VERSIONS: Final = bounded(
    "SELECT contact_id, version, at, by, contact FROM contact_versions WHERE owner_id = $1"
    f" AND (contact_id, version) > ($2, $3) ORDER BY contact_id, version LIMIT {CONTACTS}",
    "contact",
    "contact_id, version",
)
_PHOTOS: Final = (
    "SELECT contact_id, content FROM contact_photos"
    f" WHERE owner_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT {PHOTOS}"
)

CARDS: Final = 20
"""Cards of a page: 5 MB at the most."""
GROUPS: Final = 4
"""Groups of a page: 8 MB at the most."""

_CARDS: Final = (
    "SELECT contact_id, text FROM stored_cards"
    f" WHERE owner_id = $1 AND contact_id > $2 ORDER BY contact_id LIMIT {CARDS}"
)
_GROUPS: Final = (
    "SELECT id, name, uid, title, created_at, updated_at, deleted_at, text FROM card_groups"
    f" WHERE owner_id = $1 AND id > $2 ORDER BY id LIMIT {GROUPS}"
)

PAIRS: Final = 1000
"""Pairs of a page: some bytes each."""

_DISMISSED: Final = (
    "SELECT low_id, high_id FROM dismissed_duplicates WHERE owner_id = $1"
    f" AND (low_id, high_id) > ($2, $3) ORDER BY low_id, high_id LIMIT {PAIRS}"
)


class Deleted(NamedTuple):
    """What is kept of a contact that was deleted.

    Args:
        id: Its id.
        uid: Its uid.
        deleted_at: When it was deleted.
        contact: The contact without its photo; None once it is gone for good.
        extra: Content lines of a vCard that have no field.
    """

    id: int
    uid: str
    deleted_at: datetime
    contact: ContactRow | None
    extra: Sequence[str] = ()


@dataclass(frozen=True)
class WholeVersion(Version):
    """A contact as it was, with what no answer shows.

    Args:
        extra: Content lines of a vCard that have no field.
    """

    extra: Sequence[str] = ()


async def contacts(owner_id: int) -> AsyncIterator[list[ContactRow]]:
    """Yield all contacts of an owner."""
    async for rows in _pages(_CONTACTS, owner_id, "id"):
        yield [public(row, owner_id) for row in rows]


async def deleted(owner_id: int) -> AsyncIterator[list[Deleted]]:
    """Yield what is kept of an owner's deleted contacts."""
    async for rows in _pages(_DELETED, owner_id, "id"):
        yield [
            Deleted(
                row["id"],
                row["uid"],
                row["deleted_at"],
                *(_as_it_was(row["contact"], row["id"], owner_id) if row["contact"] else [None]),
            )
            for row in rows
        ]


async def versions(owner_id: int) -> AsyncIterator[list[WholeVersion]]:
    """Yield all earlier versions of an owner's contacts, of those in the trash too."""
    async for rows in _pages(_VERSIONS, owner_id, "contact_id", "version"):
        yield [
            WholeVersion(
                row["version"],
                row["at"],
                row["by"],
                *_as_it_was(row["contact"], row["contact_id"], owner_id),
            )
            for row in rows
        ]


def _as_it_was(snapshot: str, contact_id: int, owner_id: int) -> tuple[ContactRow, Sequence[str]]:
    columns = columns_of(orjson.loads(snapshot), contact_id, owner_id)
    return public(columns | {"photo": None}, owner_id), columns["extra"] or ()


async def photos(owner_id: int) -> AsyncIterator[list[tuple[int, bytes]]]:
    """Yield all photos of an owner's contacts, of those in the trash too, by the contact's id."""
    async for rows in _pages(_PHOTOS, owner_id, "contact_id"):
        yield [(row["contact_id"], bytes(row["content"])) for row in rows]


async def cards(owner_id: int) -> AsyncIterator[bytes]:
    """Yield the cards that programs have sent of an owner's contacts and groups, as they came."""
    async for rows in _pages(_CARDS, owner_id, "contact_id"):
        yield b"\r\n".join([bytes(row["text"]) for row in rows] + [b""])
    async for rows in _pages(_GROUPS, owner_id, "id"):
        yield b"\r\n".join([bytes(row["text"]) for row in rows if not row["deleted_at"]] + [b""])


async def groups(owner_id: int) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield what is kept of an owner's groups, and of those that were deleted, but their cards."""
    async for rows in _pages(_GROUPS, owner_id, "id"):
        yield [{name: value for name, value in row.items() if name != "text"} for row in rows]


async def dismissed_duplicates(owner_id: int) -> AsyncIterator[list[tuple[int, int]]]:
    """Yield the pairs of contacts that an owner tells apart, by their ids."""
    async for rows in _pages(_DISMISSED, owner_id, "low_id", "high_id"):
        yield [(row["low_id"], row["high_id"]) for row in rows]


async def _pages(statement: str, owner_id: int, *key: str) -> AsyncIterator[list[dict[str, Any]]]:
    """Yield pages of rows.

    Args:
        statement: Its parameters are the owner and the key of the last row of the page before.
        owner_id: The owner.
        key: The names of the columns of the key, which are greater than 0.
    """
    last = [0] * len(key)
    while True:
        found = await get_connection("default").execute_query_dict(statement, [owner_id, *last])
        rows: list[dict[str, Any]] = list(found)
        if not rows:
            return
        last = [rows[-1][name] for name in key]
        yield rows
