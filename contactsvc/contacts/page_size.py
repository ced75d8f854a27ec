"""Bounds the bytes of a page of contacts: one contact may be a thousand times as large as most."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar

from contactsvc.contacts.rows import ContactRow
from contactsvc.platform.database.keysets import Page, Position

MAX_CHARACTERS: Final = 2 * 1024**2
"""Characters of notes and lists after which a page ends: 8 MiB where each has four bytes."""

STEP: Final = 50
"""Rows that are read at a time: 15 MiB at most, for the largest contact has 0.3 MiB."""

Row = TypeVar("Row")


def _itself(row: ContactRow) -> ContactRow:
    return row


def characters_of(contact: ContactRow) -> int:
    """Return how many characters of notes and lists a contact has."""
    return len(contact["details"]) + len(contact["notes"])


async def bounded(
    read: Callable[[int, Position], Awaitable[Page[Row]]],
    limit: int,
    after: Position = None,
    contact_of: Callable[[Any], ContactRow] = _itself,
) -> Page[Row]:
    """Return a page of up to ``limit`` rows; one at least, but fewer where they are large.

    Args:
        read: Returns the page of up to so many rows after a position.
        limit: The most rows on the page.
        after: The ``next_position`` of the page before; None for the first page.
        contact_of: Returns the contact of a row, where it is not the row itself.
    """
    rows: list[Row] = []
    room = MAX_CHARACTERS
    while True:
        page = await read(min(STEP, limit - len(rows)), after)
        contacts = list(map(contact_of, page.rows))
        count, room = _fitting(contacts, room)
        if count < len(contacts):
            if rows and not count:
                return Page(rows, list(after or ()))
            # Once more, for the position after its last row.
            page = await read(count or 1, after)
        rows += page.rows
        after = page.next_position
        if count < len(contacts) or after is None or len(rows) >= limit:
            return Page(rows, page.next_position)


def _fitting(contacts: Sequence[ContactRow], room: int) -> tuple[int, int]:
    """Return how many contacts fit into so many characters, and how many are left."""
    for count, contact in enumerate(contacts):
        size = characters_of(contact)
        if size > room:
            return count, room
        room -= size
    return len(contacts), room
