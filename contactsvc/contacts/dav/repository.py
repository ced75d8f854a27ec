"""What is kept of an address book itself: its name, and how far it has come."""

from typing import Final, NamedTuple

from tortoise.connection import get_connection

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.address_books.repository import BOOK_ID

DEFAULT_NAME: Final = "Contacts"
"""What a book is called whose owner has given it no name."""


class BookRow(NamedTuple):
    """What is kept of a book.

    Args:
        name: What its owner calls it.
        seq: Its count of changes.
        me: The name of the card that is the owner's own; None if nobody has said so.
    """

    name: str = DEFAULT_NAME
    seq: int = 0
    me: str | None = None


async def read_book(owner_id: int) -> BookRow:
    """Return what is kept of an owner's book; there may be none yet, which is empty."""
    rows = await get_connection("default").execute_query_dict(
        "SELECT name, seq, me_card FROM address_books WHERE owner_id = $1 AND id = $2",
        [owner_id, BOOK_ID],
    )
    if not rows:
        return BookRow()
    row = rows[0]
    return BookRow(row["name"] or DEFAULT_NAME, row["seq"], row["me_card"])


async def rename_book(owner_id: int, name: str) -> None:
    """Give an owner's book a name; the empty one is DEFAULT_NAME.

    Raises:
        Unauthenticated: The owner's account has just been deleted.
    """
    await _change(owner_id, "name", name)


async def set_me_card(owner_id: int, name: str | None) -> None:
    """Say which card is the owner's own, by its name; None is that none is.

    Raises:
        Unauthenticated: The owner's account has just been deleted.
    """
    await _change(owner_id, "me_card", name)


async def _change(owner_id: int, column: str, value: str | None) -> None:
    async with address_books.locked(owner_id):
        await get_connection("default").execute_query(
            f"UPDATE address_books SET {column} = $3 WHERE owner_id = $1 AND id = $2",  # noqa: S608
            [owner_id, BOOK_ID, value],
        )
