"""What was kept of a contact has all columns of this release, whichever has kept it."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import DEFAULTS, KEPT
from contactsvc.contacts.snapshots import columns_of
from tests.support.rows import as_read

OLDER: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+442079460958",
    "phone_value": "020 7946 0958",
    "birthday": None,
    "notes": "x",
    "created_at": "2026-01-31T12:00:00.5+00:00",
    "updated_at": "2026-01-31T12:00:00+00:00",
    "version": 2,
    "changed_by": None,
    "uid": None,
    "details": None,
    "photo": None,
}
"""As a row has it that the release before has written."""


async def test_a_snapshot_is_the_contact_that_it_was_taken_of(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    values = {"first_name": "Ada", "phone": "020 7946 0958", "tags": ["friends"], "favorite": True}
    made, _ = await contacts.create(values)
    await contacts.delete(made["id"])
    snapshot = orjson.loads(await pg.fetchval("SELECT contact FROM deleted_contacts"))
    assert snapshot.keys() == set(KEPT)

    columns = columns_of(snapshot, made["id"], owner)

    assert columns.keys() == {*KEPT, *DEFAULTS, "id", "display_name"}
    expected = as_read(made)
    assert {name: columns[name] for name in expected} == expected


def test_one_of_an_older_release_is_completed() -> None:
    columns = columns_of(OLDER, 7, 1)
    assert columns["display_name"] == "Ada Lovelace"
    assert columns["details"].keys() == set(LISTS)
    assert columns["details"]["emails"][0]["value"] == "ada@example.com"
    assert columns["details"]["phones"][0]["value"] == "020 7946 0958"
    assert (columns["phone"], columns["phone_value"]) == ("+442079460958", None)
    assert columns["created_at"] == datetime(2026, 1, 31, 12, 0, 0, 500000, UTC)
    assert (columns["nickname"], columns["tags"], columns["favorite"]) == ("", [], False)
    assert columns["uid"]


def test_its_uid_is_the_same_each_time_and_nobody_elses() -> None:
    uids = [columns_of(OLDER, *ids)["uid"] for ids in ((7, 1), (7, 1), (8, 1), (7, 2))]
    assert uids[0] == uids[1]
    assert len(set(uids)) == 3
