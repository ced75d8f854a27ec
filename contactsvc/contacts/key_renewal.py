"""Recomputes stale keys, those of other releases, in batches while the service runs.

Keys (the columns derived from others, see keys.py) are computed in Python, so no migration can do
it. A contact whose ``keys_version`` is not its ``version`` was written by an older release, before
the migration or beside this one.
"""

from collections.abc import Sequence
from typing import Any, Final

from tortoise.connection import get_connection
from tortoise.expressions import F, Q

from contactsvc.accounts.users.model import User
from contactsvc.contacts.address_books.model import AddressBook
from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.keys import renewed_columns
from contactsvc.contacts.model import Contact
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.text.search_keys import search_key

SPAN: Final = 10_000
"""Contacts that one statement searches for stale keys."""

BATCH: Final = 100
"""Rows that are read and written at a time: their keys take 20 to 25 ms of the event loop."""

_NAMES_THAT_FOLD: Final = "[^ -_a-~]"
"""Matches names with a character that search keys may fold: all but ASCII, and the grave accent."""


async def renew() -> int:
    """Recompute all stale keys, and return how many rows had any.

    Rows that are changed meanwhile are left alone: that change has computed their keys.
    """
    return await _renew_users() + await _renew_contacts()


async def _renew_contacts() -> int:
    renewed = 0
    after: tuple[int, int] | None = (0, 0)
    while after is not None:
        last = await _end_of_span(after)
        renewed += await _renew_span(after, last)
        after = last
    return renewed


async def _end_of_span(after: tuple[int, int]) -> tuple[int, int] | None:
    """Return owner and id of the last contact of the span after one; None where the table ends."""
    ends = await (
        Contact.filter(_after(*after))
        .order_by("owner_id", "id")
        .offset(SPAN)
        .limit(1)
        .values_list("owner_id", "id")
    )
    return (int(ends[0][0]), int(ends[0][1])) if ends else None


async def _renew_span(after: tuple[int, int], last: tuple[int, int] | None) -> int:
    span = Contact.filter(_after(*after))
    if last is not None:
        span = span.filter(~_after(*last))
    # A computed sort key is never empty: an empty one is the column's default.
    stale = span.filter(Q(keys_version__not=F("version")) | Q(last_name_sort=b""))
    renewed = 0
    position = after
    while rows := await stale.filter(_after(*position)).order_by("owner_id", "id").limit(BATCH):
        await _write(rows)
        renewed += len(rows)
        position = (rows[-1].owner_id, rows[-1].id)  # type: ignore[attr-defined]
    return renewed


def _after(owner_id: int, contact_id: int) -> Q:
    return Q(owner_id__gte=owner_id) & (
        Q(owner_id__gt=owner_id) | Q(owner_id=owner_id, id__gt=contact_id)
    )


async def _write(rows: Sequence[Contact]) -> None:
    renewed = [renewed_columns(contact) | {"keys_version": contact.version} for contact in rows]
    names = list(renewed[0])
    places = ", ".join(f'"{name}" = ${place}' for place, name in enumerate(names, 4))
    statement = (
        f"UPDATE contacts SET {places} "  # noqa: S608 - names of columns
        "WHERE owner_id = $1 AND id = $2 AND version = $3"
    )
    values = [
        [contact.owner_id, contact.id, contact.version, *(columns[name] for name in names)]  # type: ignore[attr-defined]
        for contact, columns in zip(rows, renewed, strict=True)
    ]
    async with transaction():  # one round trip for all of them
        await get_connection("default").execute_many(statement, values)
    # A release that computes no keys does not count contacts either.
    owners = {contact.owner_id for contact in rows if contact.keys_version is None}  # type: ignore[attr-defined]
    await AddressBook.filter(owner_id__in=owners, id=BOOK_ID).update(contacts=None)


async def _renew_users() -> int:
    renewed = 0
    last = 0
    while rows := await _names_after(last):
        for row in rows:
            key = search_key(row["name"])
            if key != row["name_key"]:
                same = User.filter(id=row["id"], version=row["version"])
                renewed += await same.update(name_key=key)
        last = rows[-1]["id"]
    return renewed


async def _names_after(user_id: int) -> list[dict[str, Any]]:
    rows = User.filter(id__gt=user_id, name__posix_regex=_NAMES_THAT_FOLD)
    return await rows.order_by("id").limit(BATCH).values("id", "name", "name_key", "version")
