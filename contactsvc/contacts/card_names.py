# ruff: noqa: S608 - the statements are made of our own names
"""What contacts are called in CardDAV: the last segment of a card's URL, without ``.vcf``.

It is the uid where that can stand in a URL as it is, or else a digest of it; a client that adds a
card chooses another one. ``contacts.card_name`` has what is not the uid. No two cards of a book
have one name, which an index and a locked book see to.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from tortoise.connection import get_connection

MAX_LENGTH: Final = 200
"""Characters of a name."""

CALLED: Final = "coalesce(card_name, uid)"
"""What a contact is called, as the index has it."""

IS_CALLED: Final = f"{CALLED} BETWEEN called AND called ORDER BY {CALLED} LIMIT 1"
"""Finds the contact of a name ``called``. An equation would have no order, and for a book that has
just been filled PostgreSQL would take any index that begins with the owner."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._-]{1,200}")
_RELATIVE: Final = (".", "..")

_TAKEN: Final = (
    "SELECT called AS name FROM unnest($2::varchar[]) AS wanted (called),"
    f" LATERAL (SELECT FROM contacts WHERE owner_id = $1 AND {IS_CALLED}) AS there"
    " UNION ALL SELECT name FROM card_groups"
    " WHERE owner_id = $1 AND name = ANY ($2::varchar[]) AND deleted_at IS NULL"
)
_TAKEN_IN_IMPORT: Final = f"{_TAKEN} -- while an import fills the book"
"""Another text, or PostgreSQL would go on with a plan that was good for a small book."""


def is_name(text: str) -> bool:
    """Return whether a card could have that name."""
    return 0 < len(text) <= MAX_LENGTH and "/" not in text and text.isprintable()


def is_plain(text: str) -> bool:
    """Return whether a text can be a segment of a URL as it is (RFC 3986, 2.3 and 5.2.4)."""
    return _PLAIN.fullmatch(text) is not None and text not in _RELATIVE


def name_of_uid(uid: str) -> str:
    """Return what a contact is called by its uid, if no client has chosen another name."""
    return uid if is_plain(uid) else sha256(uid.encode("utf-8", "surrogatepass")).hexdigest()


def kept_name(name: str | None, uid: str) -> str | None:
    """Return what ``card_name`` has to be: None where the uid says the same.

    Args:
        name: The name; None is that of the uid.
        uid: The uid.
    """
    if name is None:
        name = name_of_uid(uid)
    return None if name == uid and is_plain(uid) else name


def is_missing(row: Mapping[str, Any]) -> bool:
    """Return whether a contact cannot be found by its name yet, as an older release has added it.

    Args:
        row: ``card_name`` and ``uid`` as the table has them.
    """
    uid = row["uid"]
    return row["card_name"] is None and (uid is None or not is_plain(uid))


def new_name() -> str:
    """Return a name that nobody has."""
    return str(uuid4())


async def taken(owner_id: int, names: Sequence[str], *, in_import: bool = False) -> set[str]:
    """Return which of these names cards of an owner have."""
    statement, values = _TAKEN_IN_IMPORT if in_import else _TAKEN, [owner_id, list(names)]
    rows = await get_connection("default").execute_query_dict(statement, values)
    return {row["name"] for row in rows}


async def other_names(
    owner_id: int, called: Sequence[str], *, in_import: bool = False
) -> list[str | None]:
    """Return another name for each that is taken, by a card or one before it; None for the rest.

    The owner's book is locked meanwhile.

    Args:
        owner_id: The owner.
        called: Names of contacts that are about to be added.
        in_import: Whether it is part of an import.
    """
    seen = await taken(owner_id, called, in_import=in_import)
    others: list[str | None] = []
    for name in called:
        others.append(new_name() if name in seen else None)
        seen.add(name)
    return others


async def settle(owner_id: int, contacts: Sequence[dict[str, Any]]) -> None:
    """Give contacts that are about to be added other names where theirs are taken.

    The owner's book is locked meanwhile.

    Args:
        owner_id: The owner.
        contacts: The columns of each, of which ``card_name`` may be replaced.
    """
    called = [columns["card_name"] or columns["uid"] for columns in contacts]
    for columns, other in zip(contacts, await other_names(owner_id, called), strict=True):
        columns["card_name"] = other or columns["card_name"]
