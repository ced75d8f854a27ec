# ruff: noqa: S608 - the statements are made of our own names
"""The columns of contacts, and the statements that add and remove one and count it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypedDict, get_args

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.model import Contact


class ContactRow(TypedDict):
    """One contact as clients see it, with the columns in the order of the answer."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birthday: str | None
    notes: str
    created_at: datetime
    updated_at: datetime


PUBLIC: Final = tuple(ContactRow.__annotations__)
"""The columns that clients see, in the order of the answer."""

TIMES: Final = ("created_at", "updated_at")

DEFAULTS: Final[Mapping[str, Any]] = {
    name: None if type(None) in get_args(kind) else kind()
    for name, kind in ContactRow.__annotations__.items()
    if name not in ("id", *TIMES)
}
"""The columns that clients write, with their defaults: null, or else the empty value."""

COLUMNS: Final[Mapping[str, str]] = {
    # Without length and collation: a cast to varchar(100) would cut off what does not fit.
    name: field.get_for_dialect("postgres", "SQL_TYPE").partition("(")[0]
    for name, field in Contact._meta.fields_map.items()  # noqa: SLF001 - Tortoise's way to tell
    if field.has_db_field and name not in ("id", "owner_id")
}
"""The columns of a new row besides its key, with their SQL types."""

INSERT: Final = (
    f"WITH book AS ({address_books.ONE_MORE}), contact AS ("
    f"INSERT INTO contacts (owner_id, {', '.join(COLUMNS)})"
    f" SELECT owner_id, {', '.join(f'${n}::{t}' for n, t in enumerate(COLUMNS.values(), 3))}"
    " FROM book RETURNING id) SELECT (SELECT id FROM contact) AS id"
)
"""Adds a row and gives its id, or NULL if the quota does not allow it.

Parameters: owner, quota, and the values of COLUMNS.
"""
DELETE: Final = (
    "WITH gone AS (DELETE FROM contacts WHERE owner_id = $1 AND id = $2"
    " AND ($3::int[] IS NULL OR version = ANY($3)) AND version <> ALL($4::int[]) RETURNING id),"
    f" book AS ({address_books.ONE_LESS} AND EXISTS (SELECT FROM gone)) SELECT id FROM gone"
)
"""Removes a row. Parameters: owner, id, allowed versions or NULL, and excluded versions."""
