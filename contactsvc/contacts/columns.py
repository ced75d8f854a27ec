"""The columns that a client's fields make of a new contact, and of one that there is."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import orjson

from contactsvc.contacts import details
from contactsvc.contacts.keys import derived_columns, renewed
from contactsvc.contacts.rows import COLUMNS, DEFAULTS
from contactsvc.platform.errors import ValidationFailed

_PLAIN: Final = {
    name: default
    for name, default in DEFAULTS.items()
    if name not in details.FIRSTS and name not in details.LISTS
}

_JSON: Final = ("details", "extra")
"""Columns that PostgreSQL keeps as JSON."""


def of_new(fields: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """Return the columns of a new contact, but its times, its version and what adds it.

    Args:
        fields: Values of fields in DEFAULTS, and perhaps ``uid``, ``photo``, ``extra`` and
            ``card_name``; missing ones take their default.
        region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are read
            by; None leaves them as typed.

    Raises:
        ValidationFailed: It has no name of any kind, or a field contradicts its list.
    """
    values = {
        "uid": fields.get("uid") or str(uuid4()),
        **dict.fromkeys(("photo", "extra", "card_name")),
        **_PLAIN,
        **fields,
    }
    columns = details.settled(values, None, region, is_whole=True)
    details.check_name(columns)
    return _with_derived(columns, region)


def of_change(
    row: Mapping[str, Any], fields: Mapping[str, Any], region: str | None, *, is_whole: bool
) -> dict[str, Any] | None:
    """Return the columns of a contact after a change, None if no value differs.

    Args:
        row: The columns before, with ``details`` and ``extra`` as objects.
        fields: The new values of fields in DEFAULTS, of ``photo`` and of ``extra``; ``uid`` may be
            sent back.
        region: See :func:`of_new`.
        is_whole: Whether the fields that are not given take their default.

    Raises:
        ValidationFailed: It would have no name of any kind, a field contradicts its list, or the
            uid is another one.
    """
    if fields.get("uid", row["uid"]) != row["uid"]:
        raise ValidationFailed.of("/uid", "A contact keeps its uid; leave it out.")
    kept = {name: value for name, value in row.items() if name not in details.FIRSTS}
    values = {**kept, **(_PLAIN if is_whole else {}), **fields}
    columns = details.settled(values, row["details"], region, is_whole=is_whole)
    details.check_name(columns)
    if all(columns[name] == row[name] for name in ("details", "photo", "extra", *_PLAIN)):
        return None
    return _with_derived(columns, region)


def of_any_release(row: Mapping[str, Any], owner_id: int) -> dict[str, Any]:
    """Return a row's columns as this release would have written them, with its JSON read."""
    read = {**row, **{name: orjson.loads(row[name]) if row[name] else None for name in _JSON}}
    if row["derived_version"] == row["version"]:
        return read
    return read | renewed(read, owner_id)


def to_database(columns: Mapping[str, Any]) -> list[Any]:
    """Return the values of all COLUMNS in their order, as asyncpg takes them."""
    return [_json(columns[name]) if name in _JSON else columns[name] for name in COLUMNS]


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _with_derived(columns: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    return {**columns, **derived_columns(columns, region), "phone_value": None}
