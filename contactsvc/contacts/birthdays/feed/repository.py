# ruff: noqa: S608 - the statement is made of our own names
"""Finds the address book of a secret, and reads its birthdays, page by page.

No connection is held while a client takes its time. Pages go by birthday and name, as an index has
them. What is changed meanwhile may be missing or there twice, until the calendar is fetched again:
the number of the book is another one by then, and so is the ETag.
"""

from collections.abc import AsyncIterator
from typing import Final

from tortoise.connection import get_connection

from contactsvc.accounts.app_passwords.secret import Secret
from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.birthdays.feed.calendar import Born
from contactsvc.contacts.keys import SHOWN, display_name
from contactsvc.contacts.model import Contact
from contactsvc.contacts.orders import BY_BIRTHDAY

PAGE: Final = 250
"""Contacts that are read at a time, and written in some 10 ms."""

_FIND: Final = (
    "SELECT coalesce(book.seq, 0) AS seq FROM feed_secrets AS secret"
    " JOIN users ON users.id = secret.user_id"
    f" LEFT JOIN address_books AS book ON book.owner_id = secret.user_id AND book.id = {BOOK_ID}"
    " WHERE secret.user_id = $1 AND secret.digest = $2 AND users.is_active"
)
_READ: Final = ("id", "birthday", "updated_at", *SHOWN)


async def find(secret: Secret) -> int | None:
    """Return how often the address book of a secret's user has been changed.

    None where there is no such secret, or its user is disabled.
    """
    values = [secret.user_id, secret.digest]
    rows = await get_connection("default").execute_query_dict(_FIND, values)
    return int(rows[0]["seq"]) if rows else None


async def birthdays(owner_id: int) -> AsyncIterator[list[Born]]:
    """Yield the contacts of an owner that have a birthday, up to PAGE at a time."""
    contacts, after = Contact.filter(owner_id=owner_id, birthday_md__not_isnull=True), None
    while True:
        page = await BY_BIRTHDAY.page(contacts, _READ, PAGE, after)
        yield [
            # A display_name that is stored may be of an older release.
            Born(row["id"], display_name(row), row["birthday"], row["updated_at"])
            for row in page.rows
        ]
        if (after := page.next_position) is None:
            return
