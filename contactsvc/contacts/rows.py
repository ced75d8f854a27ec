# ruff: noqa: S608 - the statements are made of our own names
"""Rows of contacts, and the statements that add and remove them and count them by the way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, TypedDict

from contactsvc.contacts.address_books import repository as address_books

PUBLIC: Final = (
    "id",
    "first_name",
    "last_name",
    "email",
    "phone",
    "birthday",
    "notes",
    "created_at",
    "updated_at",
)
"""The columns that clients see, in their order."""

TIMES: Final = ("created_at", "updated_at")

DEFAULTS: Final[Mapping[str, Any]] = {
    "first_name": "",
    "last_name": "",
    "email": None,
    "phone": None,
    "birthday": None,
    "notes": "",
}
"""What clients write, and what they mean where they do not."""

COLUMNS: Final[Mapping[str, str]] = {
    **dict.fromkeys(DEFAULTS, "varchar"),
    **dict.fromkeys(("phone_value", "phone_e164"), "varchar"),
    **dict.fromkeys(("first_name_key", "last_name_key", "email_key", "phone_key"), "varchar"),
    **dict.fromkeys(("first_name_sort", "last_name_sort"), "bytea"),
    "birthday_md": "smallint",
    **dict.fromkeys(("version", "keys_version"), "int"),
    **dict.fromkeys(TIMES, "timestamptz"),
}
"""The columns of a new row besides its owner, and their types."""

INSERT: Final = (
    f"WITH book AS ({address_books.ONE_MORE})"
    f" INSERT INTO contacts (owner_id, {', '.join(COLUMNS)})"
    f" SELECT owner_id, {', '.join(f'${n}::{t}' for n, t in enumerate(COLUMNS.values(), 3))}"
    f" FROM book RETURNING {', '.join(PUBLIC)}"
)
"""Adds a row, if the book has room: owner, most contacts, and the values of COLUMNS."""
DELETE: Final = (
    "WITH gone AS (DELETE FROM contacts WHERE owner_id = $1 AND id = $2"
    " AND ($3::int[] IS NULL OR version = ANY($3)) AND version <> ALL($4::int[]) RETURNING id),"
    f" book AS ({address_books.ONE_LESS} AND EXISTS (SELECT FROM gone)) SELECT id FROM gone"
)
"""Removes a row: owner, id, the versions that are admitted or NULL, and those that are not."""


class ContactRow(TypedDict):
    """One contact as clients see it."""

    id: int
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    birthday: str | None
    notes: str
    created_at: datetime
    updated_at: datetime
