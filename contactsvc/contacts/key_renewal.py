# ruff: noqa: S608 - the statements are made of our own names
"""Recomputes stale columns, those of other releases, in batches while the service runs.

Derived columns (see keys.py) are computed in Python, so no migration can do it. A contact whose
``derived_version`` is not its ``version`` was written by an older release, before the migration or
beside this one. It is a change to those who synchronise, as they have not been told of that one.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tortoise.connection import get_connection
from tortoise.expressions import Q

from contactsvc.accounts.users.model import User
from contactsvc.contacts import card_names
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.address_books.model import AddressBook
from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.columns import of_any_release, to_database
from contactsvc.contacts.keys import derived_columns
from contactsvc.contacts.model import Contact
from contactsvc.contacts.rows import RENEW, WRITTEN
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.text.search_keys import search_key

SPAN: Final = 10_000
"""Contacts that one statement marks."""

BATCH: Final = 100
"""Rows that are read and written at a time: their keys take 20 to 25 ms of the event loop."""

_STALE: Final = (
    f"SELECT owner_id, {', '.join(WRITTEN)},"
    " (SELECT region FROM users WHERE users.id = owner_id) AS region FROM contacts"
    # As the partial index says it. A computed sort key is never empty, as the column's default is.
    " WHERE (derived_version IS DISTINCT FROM version OR last_name_sort = '')"
    " AND (owner_id, id) > ($1, $2)"
    f" ORDER BY owner_id, id LIMIT {BATCH}"
)

_SOME: Final = (
    f"SELECT owner_id, {', '.join(WRITTEN)}, NULL AS region FROM contacts"
    " WHERE owner_id = $1 AND id = ANY ($2::bigint[]) ORDER BY id"
)

_NAMES_THAT_FOLD: Final = "[^ -_a-~]"
"""Matches names with a character that search keys may fold: all but ASCII, and the grave accent."""


async def mark_all() -> None:
    """Make the columns of every contact stale, as when other rules have come to derive them."""
    last: tuple[int, int] | None = (0, 0)
    while last is not None:
        after, last = last, await _end_of_span(last)
        span = Contact.filter(_after(*after))
        if last is not None:
            span = span.filter(~_after(*last))
        await span.update(derived_version=None)


async def renew(default_region: str | None = None) -> int:
    """Recompute all stale columns, and return how many rows had any.

    Rows that are changed meanwhile are left alone: that change has computed their keys.

    Args:
        default_region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are
            dialled in, of owners who have none; None is none.
    """
    return await _renew_users() + await renew_contacts(default_region)


async def renew_contacts(default_region: str | None) -> int:
    """Do what :func:`renew` does, for contacts alone: they are found by an index of stale ones."""
    renewed, after = 0, (0, 0)
    while rows := await _stale(*after):
        await _write(rows, default_region)
        renewed += len(rows)
        after = (rows[-1]["owner_id"], rows[-1]["id"])
    return renewed


async def renew_some(owner_id: int, contact_ids: Sequence[int], region: str | None) -> None:
    """Do what :func:`renew` does for some contacts of an owner, at once.

    Args:
        owner_id: The owner.
        contact_ids: The ids of the contacts.
        region: The ISO 3166-1 alpha-2 code of the region that the owner's numbers without a country
            are dialled in; None is none.
    """
    for start in range(0, len(contact_ids), BATCH):
        ids = list(contact_ids[start : start + BATCH])
        rows = await get_connection("default").execute_query_dict(_SOME, [owner_id, ids])
        if rows:
            await _write(list(rows), region)


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


async def _stale(owner_id: int, contact_id: int) -> list[dict[str, Any]]:
    """Return the next stale contacts after one."""
    return list(await get_connection("default").execute_query_dict(_STALE, [owner_id, contact_id]))


def _after(owner_id: int, contact_id: int) -> Q:
    return Q(owner_id__gte=owner_id) & (
        Q(owner_id__gt=owner_id) | Q(owner_id=owner_id, id__gt=contact_id)
    )


async def _write(rows: Sequence[Mapping[str, Any]], default_region: str | None) -> None:
    renewed = [_renewed(row, default_region) for row in rows]
    async with transaction():
        for owner_id in sorted({row["owner_id"] for row in rows}):
            await address_books.lock(owner_id)
            await card_names.settle(
                owner_id,
                [
                    columns
                    for row, columns in zip(rows, renewed, strict=True)
                    if row["owner_id"] == owner_id and card_names.is_missing(row)
                ],
            )
        values = [
            [row["owner_id"], row["id"], row["version"], *to_database(columns)]
            for row, columns in zip(rows, renewed, strict=True)
        ]
        # One round trip for all of them.
        await get_connection("default").execute_many(RENEW, values)
    # A release that derives no columns does not count contacts either.
    owners = {row["owner_id"] for row in rows if row["derived_version"] is None}
    await AddressBook.filter(owner_id__in=owners, id=BOOK_ID).update(contacts=None)


def _renewed(row: Mapping[str, Any], default_region: str | None) -> dict[str, Any]:
    columns = of_any_release(row, row["owner_id"])
    region = row["region"] or default_region
    return columns | derived_columns(columns, region) | {"derived_version": row["version"]}


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
