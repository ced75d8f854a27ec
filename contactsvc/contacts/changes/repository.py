# ruff: noqa: S608 - the statements are made of our own names
"""Finds what has changed in an address book since somebody looked.

Contacts and tombstones are read in the order of the book's numbers, which become visible in order
(see contacts/rows.py), so nothing comes to be before a place that somebody has passed.
"""

from dataclasses import dataclass
from typing import Any, Final

from tortoise.connection import get_connection

from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.rows import READ, ContactRow, public
from contactsvc.platform.errors import CursorExpired

MAX_SEQ: Final = 2**63 - 1
"""No book has so many changes."""

MAX_BYTES: Final = 8 * 1024**2
"""Bytes of notes and lists after which a page ends, however many contacts are wanted."""

_NEXT: Final = "(seq, id) > ($2, $3)"
_IN_ORDER: Final = "ORDER BY seq, id LIMIT $5"
_NOTHING: Final = ", ".join("NULL" for name in READ if name not in ("id", "uid"))
# Joined with an empty object, a value is not compressed: its size is what an answer needs.
_SIZE: Final = "coalesce(pg_column_size(details || '{}'), 0) + octet_length(notes)"
_PAGE: Final = (
    "SELECT book.seq AS book_seq, book.oldest_seq, changed.* FROM"
    " (SELECT coalesce(max(seq), 0) AS seq, coalesce(max(oldest_seq), 0) AS oldest_seq"
    f" FROM address_books WHERE owner_id = $1 AND id = {BOOK_ID}) AS book"
    " LEFT JOIN (SELECT * FROM"
    " (SELECT *, sum(size) OVER (ORDER BY seq, id ROWS UNBOUNDED PRECEDING) AS total FROM"
    f" ((SELECT seq, false AS deleted, {_SIZE} AS size, {', '.join(READ)} FROM contacts"
    f" WHERE owner_id = $1 AND {_NEXT} {_IN_ORDER})"
    f" UNION ALL (SELECT seq, true, 0, id, uid, {_NOTHING} FROM deleted_contacts"
    f" WHERE owner_id = $1 AND {_NEXT} AND seq > $4 {_IN_ORDER})"
    f" {_IN_ORDER}) AS read) AS measured"
    f" WHERE total - size < {MAX_BYTES}) AS changed ON true ORDER BY changed.seq, changed.id"
)
"""The rows of a page and one more, each with the numbers of the book; NULLs where there is none.
Parameters: owner, the number and the id to begin after, the number up to which deletions are known,
and how many rows."""


@dataclass(frozen=True)
class Place:
    """How far somebody has read the changes of a book.

    Args:
        seq: The book's number of the last change that was read.
        contact_id: The id of the contact that it was.
        known: The book's number up to which nothing is left to be told, but contacts that are
            there and come after the place. It begins as the book's number at the first page, as
            whoever begins has none of the contacts that were deleted before.
    """

    seq: int = 0
    contact_id: int = 0
    known: int = MAX_SEQ

    def check(self, book_seq: int, oldest_seq: int) -> None:
        """Check that all that has come after the place can be told.

        Args:
            book_seq: The book's number.
            oldest_seq: The number up to which deletions are forgotten.

        Raises:
            CursorExpired: Deletions after the place are forgotten, or it is ahead of the book.
        """
        if self.known < oldest_seq or max(self.known, self.seq) > book_seq:
            raise CursorExpired  # a book that is behind comes out of a backup

    def moved(self, seq: int, contact_id: int, next_seq: int | None) -> "Place":
        """Return the place after a further change.

        Args:
            seq: The number of the change.
            contact_id: The id of its contact.
            next_seq: The number of the change that comes next; None if there is none.
        """
        # Changes of a batch share a number: what is left of it is not known yet.
        whole = seq - 1 if next_seq == seq else seq
        return Place(seq, contact_id, max(self.known, whole))


@dataclass(frozen=True)
class Tombstone:
    """A contact that is not there any more."""

    id: int
    uid: str


@dataclass(frozen=True)
class Changes:
    """Some changes in the order in which they were made, each contact at its last one.

    Args:
        items: Contacts as they are, or what is left of them.
        place: Where to read on, now or when there is more.
        has_more: Whether there is more now.
    """

    items: list[ContactRow | Tombstone]
    place: Place
    has_more: bool


async def changes(owner_id: int, limit: int, after: Place | None = None) -> Changes:
    """Return up to ``limit`` changes of an owner's book, by one statement.

    They may be fewer although there are more; see MAX_BYTES.

    Args:
        owner_id: The owner.
        limit: The most changes.
        after: The ``place`` of the changes before; None tells all contacts that there are.

    Raises:
        CursorExpired: Deletions after that place are forgotten, or the place itself is.
    """
    place = after or Place()
    values = [owner_id, place.seq, place.contact_id, place.known, limit + 1]
    rows = await get_connection("default").execute_query_dict(_PAGE, values)
    if after is None:
        place = Place(known=rows[0]["book_seq"])
    else:
        place.check(rows[0]["book_seq"], rows[0]["oldest_seq"])
    if rows[0]["id"] is None:
        return Changes([], place, has_more=False)
    told = [row for row in rows[:limit] if row["total"] <= MAX_BYTES] or rows[:1]
    last, left = told[-1], rows[len(told) :]
    place = place.moved(last["seq"], last["id"], left[0]["seq"] if left else None)
    return Changes([_item(row, owner_id) for row in told], place, has_more=bool(left))


def _item(row: dict[str, Any], owner_id: int) -> ContactRow | Tombstone:
    if row["deleted"]:
        return Tombstone(row["id"], row["uid"])
    return public(row, owner_id)
