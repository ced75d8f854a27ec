# ruff: noqa: S608 - the statements are made of our own names
"""The columns of contacts, and the statements that write contacts, each in one round trip.

Each takes the row of the book first, and holds it until the commit, so that writes of one book
follow one another: no two wait for each other, and their numbers become visible in order.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypedDict, cast, get_args, get_origin

import asyncpg
import orjson
from tortoise.exceptions import IntegrityError

from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.details import LISTS
from contactsvc.contacts.keys import display_name, renewed
from contactsvc.contacts.model import Contact
from contactsvc.platform.errors import (
    Conflict,
    PreconditionFailed,
    ServiceError,
    Unauthenticated,
)


class ContactRow(TypedDict):
    """The columns of a contact that clients see, in the order of the answer; the lists as JSON."""

    id: int
    uid: str
    display_name: str
    first_name: str
    last_name: str
    middle_name: str
    prefix: str
    suffix: str
    nickname: str
    organization: str
    department: str
    title: str
    email: str | None
    phone: str | None
    birthday: str | None
    notes: str
    tags: list[str]
    favorite: bool
    photo: str | None
    created_at: datetime
    updated_at: datetime
    details: str


PUBLIC: Final = tuple(ContactRow.__annotations__)
"""The columns that clients see, in the order of the answer."""

TIMES: Final = ("created_at", "updated_at")


def _empty(kind: Any) -> Any:
    return (get_origin(kind) or kind)()


_NOT_WRITTEN: Final = ("id", "uid", "display_name", "photo", *TIMES, "details")
DEFAULTS: Final[Mapping[str, Any]] = {
    name: None if type(None) in get_args(kind) else _empty(kind)
    for name, kind in ContactRow.__annotations__.items()
    if name not in _NOT_WRITTEN
} | {name: [] for name in LISTS}
"""The fields that clients write, with their defaults: null, or else the empty value."""

UID_TAKEN: Final = "There is a contact with this uid; change that one, or leave the uid out."
MAX_VERSIONS: Final = 20
"""The most earlier versions of a contact that are kept."""

READ: Final = (*PUBLIC, "phone_value", "version", "derived_version")
"""The columns that :func:`public` reads."""

WRITTEN: Final = (*READ, "extra", "changed_by", "card_name")
"""The columns that a change begins with."""

KEPT: Final = tuple(name for name in WRITTEN if name not in ("id", "display_name"))
"""The columns that a version of a contact consists of: all but what it is shown and found by."""

COLUMNS: Final[Mapping[str, str]] = {
    # Without length and collation: a cast to varchar(100) would cut off what does not fit.
    name: field.get_for_dialect("postgres", "SQL_TYPE").partition("(")[0]
    for name, field in Contact._meta.fields_map.items()  # noqa: SLF001 - Tortoise's way to tell
    if field.has_db_field and name not in ("id", "owner_id", "seq")
}
"""The columns of a new row besides its key and number, with their SQL types."""


def places(first: int) -> list[str]:
    """Return the parameters for the values of COLUMNS; ``first`` is the number of the first."""
    return [f"${place}::{kind}" for place, kind in enumerate(COLUMNS.values(), first)]


_PAIRS: Final = ", ".join(f"'{name}', old.{name}" for name in KEPT)
_SNAPSHOT: Final = f"jsonb_build_object({_PAIRS})"

INSERT: Final = (
    f"WITH book AS ({address_books.ONE_MORE}), contact AS ("
    f"INSERT INTO contacts (owner_id, seq, {', '.join(COLUMNS)})"
    f" SELECT owner_id, seq, {', '.join(places(3))} FROM book RETURNING id)"
    " SELECT (SELECT id FROM contact) AS id"
)
"""Adds a row and gives its id, or NULL if the quota does not allow it.

Parameters: owner, quota, and the values of COLUMNS.
"""

_STALE_CARD: Final = (
    "DELETE FROM stored_cards USING next"
    " WHERE stored_cards.owner_id = next.owner_id AND contact_id = $2"
)
"""Removes what a client has sent of a contact that is changed now (see dav/cards/)."""

UPDATE: Final = (
    f"WITH book AS ({address_books.LOCKED}),"
    " old AS (SELECT contacts.* FROM contacts JOIN book USING (owner_id)"
    " WHERE contacts.id = $2 AND contacts.version = $3 FOR UPDATE OF contacts),"
    f" next AS ({address_books.ONE_CHANGED}),"
    " kept AS (INSERT INTO contact_versions"
    " (owner_id, contact_id, version, at, by, replaced_at, contact)"
    f" SELECT owner_id, id, version, updated_at, changed_by, $4, {_SNAPSHOT} FROM old),"
    " forgotten AS (DELETE FROM contact_versions USING next"
    " WHERE contact_versions.owner_id = $1 AND contact_id = $2 AND version <= $3 - $5),"
    f" stale AS ({_STALE_CARD})"
    f" UPDATE contacts SET seq = next.seq, ({', '.join(COLUMNS)}) = ROW ({', '.join(places(6))})"
    " FROM next WHERE contacts.owner_id = $1 AND contacts.id = $2 RETURNING contacts.id"
)
"""Changes a row of a version and keeps that version. Parameters: owner, id, version, the time, how
many versions are kept, and the values of COLUMNS."""

DELETE: Final = (
    f"WITH book AS ({address_books.LOCKED}), old AS (DELETE FROM contacts USING book"
    " WHERE contacts.owner_id = book.owner_id AND contacts.id = $2"
    " AND ($3::int[] IS NULL OR version = ANY($3)) AND version <> ALL($4::int[])"
    " RETURNING contacts.*),"
    f" next AS ({address_books.ONE_LESS})"
    " INSERT INTO deleted_contacts (owner_id, id, uid, card_name, seq, deleted_at, contact)"
    " SELECT old.owner_id, old.id, coalesce(old.uid, $6), coalesce(old.card_name, old.uid, $6),"
    f" next.seq, $5, {_SNAPSHOT}"
    " FROM old JOIN next USING (owner_id) RETURNING id"
)
"""Moves a row into the trash. Parameters: owner, id, allowed versions or NULL, excluded versions,
the time, and the uid of a row that has none yet."""


RENEW: Final = (
    f"WITH next AS ({address_books.NEXT}),"
    f" stale AS ({_STALE_CARD} AND version <> $3)"
    f" UPDATE contacts SET seq = next.seq, ({', '.join(COLUMNS)}) = ROW ({', '.join(places(4))})"
    " FROM next WHERE contacts.owner_id = $1 AND contacts.id = $2 AND contacts.version = $3"
)
"""Writes columns of a row anew, without a new version. Parameters: owner, id, version, and the
values of COLUMNS."""


def check_version(version: int, versions: Collection[int] | None, unless: Collection[int]) -> None:
    """Raise PreconditionFailed if a version is not in ``versions``, or is in ``unless``.

    Args:
        version: The version that a contact has.
        versions: The versions that it may have; None allows any.
        unless: The versions that it may not have.
    """
    if not (versions is None or version in versions) or version in unless:
        raise PreconditionFailed


def public(row: Mapping[str, Any], owner_id: int) -> ContactRow:
    """Return the PUBLIC columns of a row of any release, with ``details`` as JSON.

    Args:
        row: The columns in READ; ``details`` is JSON, an object, or None as an older release
            leaves it.
        owner_id: The contact's owner.
    """
    shown = {name: row[name] for name in PUBLIC}
    details = shown["details"]
    if details is None or row["derived_version"] != row["version"]:
        return _renewed(row, owner_id)
    if not isinstance(details, str):
        shown["details"] = orjson.dumps(details).decode()
    return cast(ContactRow, shown)


def public_of_record(record: asyncpg.Record, owner_id: int) -> ContactRow:
    """Do as :func:`public` with a record whose first columns are PUBLIC: by position, not name.

    Args:
        record: A record of a statement that reads the columns in READ, in their order.
        owner_id: The contact's owner.
    """
    if record["details"] is None or record["derived_version"] != record["version"]:
        return _renewed(record, owner_id)
    return cast(ContactRow, dict(zip(PUBLIC, record, strict=False)))


def _renewed(row: Mapping[str, Any], owner_id: int) -> ContactRow:
    """Return the PUBLIC columns of a row that an older release has added or changed."""
    details = row["details"]
    read = {**row, "details": orjson.loads(details) if isinstance(details, str) else details}
    read |= renewed(read, owner_id)
    read["display_name"] = display_name(read)
    read["details"] = orjson.dumps(read["details"]).decode()
    return cast(ContactRow, {name: read[name] for name in PUBLIC})


def refused(error: IntegrityError) -> ServiceError:
    """Return what it means that PostgreSQL refuses a new contact."""
    if any(index in str(error) for index in ("idx_contacts_uid", "idx_contacts_card_name")):
        return Conflict(UID_TAKEN)
    return Unauthenticated()
