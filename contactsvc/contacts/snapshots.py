"""Contacts as they were: what the trash and the versions keep of them, as JSON."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson

from contactsvc.contacts.keys import display_name, renewed
from contactsvc.contacts.rows import DEFAULTS, TIMES


def columns_of(snapshot: Mapping[str, Any], contact_id: int, owner_id: int) -> dict[str, Any]:
    """Return the columns KEPT in a snapshot as this release writes them, ``id``, ``display_name``.

    Args:
        snapshot: Their values in JSON; the release that has written it may have known fewer.
        contact_id: The contact's id.
        owner_id: The contact's owner.
    """
    row = {**DEFAULTS, "extra": None, "card_name": None, **snapshot, "id": contact_id}
    row |= {name: datetime.fromisoformat(row[name]) for name in TIMES}
    row |= renewed(row, owner_id)
    return row | {"display_name": display_name(row)}


def read_snapshots(
    records: Iterable[Mapping[str, Any]], owner_id: int
) -> dict[int, dict[str, Any]]:
    """Return the columns of contacts by their ids.

    Args:
        records: The ``id`` of each contact, and the snapshot as JSON in ``contact``.
        owner_id: The owner of all of them.
    """
    return {
        record["id"]: columns_of(orjson.loads(record["contact"]), record["id"], owner_id)
        for record in records
    }
