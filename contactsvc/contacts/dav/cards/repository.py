# ruff: noqa: S608 - the statements are made of our own names
"""Finds cards of an owner: contacts and groups, by their names, in pages, and as they change.

What a list needs is read first: names and versions, which are short. Texts are read by a second
statement, which ends after MAX_BYTES of them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import asyncpg

from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.card_names import IS_CALLED, is_missing, name_of_uid
from contactsvc.contacts.changes.repository import MAX_BYTES, MAX_SEQ
from contactsvc.contacts.rows import READ
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.database.statements import current_client

CONTACT: Final = 0
"""The kind of a card that is a contact."""
GROUP: Final = 1
"""The kind of a card that is a group."""

_MAX_ID: Final = 2**63 - 1

_CONTACT: Final = f"SELECT {CONTACT} AS kind, false AS deleted, seq, id, uid, card_name, version,"
_GROUP: Final = f"SELECT {GROUP} AS kind, deleted_at IS NOT NULL AS deleted, seq, id, uid, name,"
_LISTED_CONTACT: Final = f"{_CONTACT} updated_at FROM contacts WHERE owner_id = $1"
_LISTED_GROUP: Final = f"{_GROUP} version, updated_at FROM card_groups WHERE owner_id = $1"

_PAGE: Final = (
    f"SELECT * FROM (({_LISTED_CONTACT} AND id > $2 ORDER BY id LIMIT $4)"
    f" UNION ALL ({_LISTED_GROUP} AND deleted_at IS NULL AND name > $3 ORDER BY name LIMIT $4)"
    ") AS listed ORDER BY kind, CASE WHEN kind = 0 THEN id END, card_name LIMIT $4"
)
"""Parameters: owner, the id and the name to begin after, and how many rows."""

_NAMED: Final = (
    "SELECT place, there.* FROM unnest($2::varchar[]) WITH ORDINALITY AS wanted (called, place),"
    f" LATERAL (({_LISTED_CONTACT} AND {IS_CALLED})"
    f" UNION ALL ({_LISTED_GROUP} AND deleted_at IS NULL AND name = wanted.called)) AS there"
    " ORDER BY place"
)
"""Parameters: owner and names."""

_BY_UID: Final = (
    f"({_LISTED_CONTACT} AND uid = $2 LIMIT 1)"
    f" UNION ALL ({_LISTED_GROUP} AND deleted_at IS NULL AND uid = $2 LIMIT 1)"
)
"""Parameters: owner and uid."""

_STORE: Final = (
    "INSERT INTO stored_cards (owner_id, contact_id, version, format, text)"
    " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner_id, contact_id) DO UPDATE"
    " SET version = excluded.version, format = excluded.format, text = excluded.text"
)
_STORED: Final = (
    "SELECT FROM stored_cards WHERE owner_id = $1 AND contact_id = $2 AND version = $3"
    " AND format = $4 AND text = $5"
)

_NEXT: Final = "(seq, id) > ($2, $3) AND seq <= $6"
_IN_ORDER: Final = "ORDER BY seq, id LIMIT $5"
_CHANGES: Final = (
    "SELECT book.seq AS book_seq, book.oldest_seq, changed.* FROM"
    " (SELECT coalesce(max(seq), 0) AS seq, coalesce(max(oldest_seq), 0) AS oldest_seq"
    f" FROM address_books WHERE owner_id = $1 AND id = {BOOK_ID}) AS book LEFT JOIN"
    f" (({_LISTED_CONTACT} AND {_NEXT} {_IN_ORDER})"
    f" UNION ALL (SELECT {CONTACT}, true, seq, id, uid, card_name, 0, deleted_at"
    f" FROM deleted_contacts WHERE owner_id = $1 AND {_NEXT} AND seq > $4 {_IN_ORDER})"
    f" UNION ALL ({_LISTED_GROUP} AND deleted_at IS NULL AND {_NEXT} {_IN_ORDER})"
    f" UNION ALL ({_LISTED_GROUP} AND deleted_at IS NOT NULL AND {_NEXT} AND seq > $4 {_IN_ORDER})"
    f" {_IN_ORDER}) AS changed ON true ORDER BY changed.seq, changed.id"
)
"""The rows of a page and one more, each with the numbers of the book; NULLs where there is none.
Parameters as those of changes/repository.py, and the number of the last change that is wanted."""

_LONG: Final = ("details", "notes", "extra")
"""Columns that are not needed where the text is stored."""
_SHOWN: Final = ", ".join(
    f"CASE WHEN stored.text IS NULL THEN contacts.{name} END AS {name}"
    if name in _LONG
    else f"contacts.{name}"
    for name in (*READ, "extra", "card_name")
)
_OF_A_GROUP: Final = {"id", "uid", "version", "updated_at"}
_SHOWN_OF_A_GROUP: Final = ", ".join(
    f"cards.{name}" if name in _OF_A_GROUP else "NULL" for name in (*READ, "extra")
)
# Joined with an empty value, JSON is not compressed. A photo is written in base64.
_SIZE: Final = (
    "coalesce(octet_length(stored.text), 500 + octet_length(notes)"
    " + coalesce(pg_column_size(details || '{}'), 0) + coalesce(pg_column_size(extra || '[]'), 0)"
    " + coalesce(octet_length(photos.content) * 4 / 3, 0))"
)


def _texts(contacts: str, groups: str) -> str:
    """Return the statement that reads texts, or what they are made of, in an order.

    The LIMITs keep PostgreSQL from reading what the whole book has, to join it. The
    parameters are the owner, the version of vCard, and those of the tables.

    Args:
        contacts: Tables, ``contacts`` among them, and the column ``place``.
        groups: Tables, ``card_groups`` as ``cards`` among them, and the column ``place``.
    """
    return (
        "SELECT * FROM"
        " (SELECT *, sum(size) OVER (ORDER BY place ROWS UNBOUNDED PRECEDING) AS total FROM"
        f" (SELECT place, {CONTACT} AS kind, {_SHOWN}, stored.text, stored.format,"
        f" photos.content, {_SIZE} AS size FROM {contacts}"
        " LEFT JOIN LATERAL (SELECT text, format FROM stored_cards WHERE owner_id = $1"
        " AND contact_id = contacts.id AND version = contacts.version AND format = $2 LIMIT 1)"
        " AS stored ON true"
        " LEFT JOIN LATERAL (SELECT content FROM contact_photos WHERE owner_id = $1"
        " AND contact_id = contacts.id AND etag = contacts.photo AND stored.text IS NULL LIMIT 1)"
        " AS photos ON true"
        f" UNION ALL SELECT place, {GROUP}, {_SHOWN_OF_A_GROUP}, cards.name, cards.text,"
        f" cards.format, NULL, octet_length(cards.text) FROM {groups}) AS read) AS measured"
        f" WHERE total - size < {MAX_BYTES} ORDER BY place"
    )


_TEXTS: Final = _texts(
    "unnest($3::bigint[], $4::int[]) AS wanted (wanted_id, place)"
    " JOIN contacts ON contacts.owner_id = $1 AND contacts.id = wanted_id",
    "unnest($5::bigint[], $6::int[]) AS wanted (wanted_id, place)"
    " JOIN card_groups AS cards ON cards.owner_id = $1 AND cards.id = wanted_id"
    " AND deleted_at IS NULL",
)
"""Further parameters: the ids of contacts and their places, those of groups and their places."""

_TEXTS_BY_NAME: Final = _texts(
    "unnest($3::varchar[], $4::int[]) AS wanted (called, place), LATERAL"
    f" (SELECT * FROM contacts WHERE owner_id = $1 AND {IS_CALLED})"
    " AS contacts",
    "unnest($3::varchar[], $4::int[]) AS wanted (called, place)"
    " JOIN card_groups AS cards ON cards.owner_id = $1 AND cards.name = wanted.called"
    " AND deleted_at IS NULL",
)
"""Further parameters: names and their places."""


class Listed(NamedTuple):
    """A card without its text, or what is left of one.

    Args:
        kind: CONTACT or GROUP.
        id: The id among those of its kind.
        name: What it is called; None for a contact that cannot be found by a name yet.
        version: Its version.
        modified: When it was changed last, or deleted.
        deleted: Whether it is gone.
        seq: The book's number at its last change.
        uid: Its UID.
    """

    kind: int
    id: int
    name: str | None
    version: int
    modified: datetime
    deleted: bool
    seq: int
    uid: str

    @property
    def etag(self) -> str:
        """Its ETag."""
        return etag_of(self.kind, self.id, self.version)


class Texts(NamedTuple):
    """Cards with all that their texts are made of.

    Args:
        rows: Their rows, each with its ``place``, in order; those are missing that are gone.
        end: The last place that was reached where there were too many bytes; else None.
        size: Bytes of all of them, roughly.
    """

    rows: list[asyncpg.Record]
    end: int | None
    size: int


def etag_of(kind: int, card_id: int, version: int) -> str:
    """Return the ETag of a card: its id is never another card's, whatever that one's name is."""
    return f'"{"g" if kind == GROUP else ""}{card_id}-{version}"'


async def page(owner_id: int, limit: int, after: Sequence[Any] | None) -> list[Listed]:
    """Return up to ``limit`` cards after the kind, and the id or name, of another one."""
    contact_id, name = 0, ""
    if after is not None:
        kind, place = after
        contact_id, name = (place, "") if kind == CONTACT else (_MAX_ID, place)
    rows = await current_client().fetch(_PAGE, [owner_id, contact_id, name, limit])
    return [_listed(row) for row in rows]


async def named(owner_id: int, names: Sequence[str]) -> list[Listed]:
    """Return the cards that have these names, in the order of the names."""
    return [_listed(row) for row in await current_client().fetch(_NAMED, [owner_id, list(names)])]


async def with_uid(owner_id: int, uid: str) -> list[Listed]:
    """Return the cards that have a uid: one, or a contact and a group."""
    return [_listed(row) for row in await current_client().fetch(_BY_UID, [owner_id, uid])]


async def store(owner_id: int, contact_id: int, version: int, form: Version, text: bytes) -> None:
    """Keep the card that a client has sent of a contact, for as long as that has this version."""
    await current_client().fetch(_STORE, [owner_id, contact_id, version, form, text])


async def is_stored(
    owner_id: int, contact_id: int, version: int, form: Version, text: bytes
) -> bool:
    """Return whether a card is kept of a contact of this version that is the very same."""
    values = [owner_id, contact_id, version, form, text]
    return bool(await current_client().fetch(_STORED, values))


class Changed(NamedTuple):
    """Changes of a book.

    Args:
        rows: The cards that have changed, in order.
        book_seq: The book's number.
        oldest_seq: The number up to which deletions are forgotten.
    """

    rows: list[Listed]
    book_seq: int
    oldest_seq: int


async def changed(
    owner_id: int, after: Sequence[int], limit: int, until: int | None = None
) -> Changed:
    """Return up to ``limit`` changes.

    Args:
        owner_id: The owner.
        after: The numbers of a Place.
        limit: The most changes.
        until: The book's number after which no change is told; None tells all.
    """
    last = MAX_SEQ if until is None else until
    rows = await current_client().fetch(_CHANGES, [owner_id, *after, limit, last])
    found = [_listed(row) for row in rows if row["id"] is not None]
    return Changed(found, rows[0]["book_seq"], rows[0]["oldest_seq"])


async def texts(owner_id: int, cards: Sequence[Listed], version: Version) -> Texts:
    """Read the texts of cards; the place of each is its number among them, from 0."""
    keys: list[list[int]] = [[], [], [], []]
    for place, card in enumerate(cards):
        keys[2 * card.kind].append(card.id)
        keys[2 * card.kind + 1].append(place)
    return _as_texts(await current_client().fetch(_TEXTS, [owner_id, version, *keys]))


async def texts_by_name(owner_id: int, names: Sequence[str], version: Version) -> Texts:
    """Read the texts of cards; the place of each is that of its name, from 0."""
    values = [owner_id, version, list(names), list(range(len(names)))]
    return _as_texts(await current_client().fetch(_TEXTS_BY_NAME, values))


def _as_texts(rows: list[asyncpg.Record]) -> Texts:
    if not rows:
        return Texts([], None, 0)
    total = int(rows[-1]["total"])
    return Texts(rows, rows[-1]["place"] if total >= MAX_BYTES else None, total)


def _listed(row: asyncpg.Record) -> Listed:
    is_named = row["kind"] == GROUP or row["deleted"] or not is_missing(row)
    name = row["card_name"] or name_of_uid(row["uid"]) if is_named else None
    return Listed(
        row["kind"],
        row["id"],
        name,
        row["version"],
        row["updated_at"],
        row["deleted"],
        row["seq"],
        row["uid"] or "",
    )
