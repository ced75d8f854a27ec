"""A contact that is copied is the one that a request with the same fields would have added."""

from typing import Any

import asyncpg

from contactsvc.contacts.columns import of_new
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import COLUMNS
from contactsvc.contacts.transfer import repository
from contactsvc.contacts.transfer.copied import COPIED, NewRow, copied, values_of
from contactsvc.platform.clock import now

EMPTY: dict[str, Any] = {"first_name": "Ada"}
FULL: dict[str, Any] = {
    **{name: f"{name} \u2603" for name in ("first_name", "last_name", "middle_name", "nickname")},
    **{name: f"{name} \u00eb" for name in ("prefix", "suffix", "organization", "department")},
    "title": "Countess",
    "emails": [{"value": "ada@example.com", "type": "home", "label": ""}],
    "phones": [{"value": "020 7946 0958", "type": "mobile", "label": "\U0001f4f1"}],
    "birthday": "--12-10",
    "notes": "met\nin London" * 300,
    "tags": ["maths", "Zo\u00eb"],
    "favorite": True,
}


async def test_it_is_as_if_it_had_been_sent(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    moment = now()
    for number, fields in enumerate((EMPTY, FULL)):
        sent, _ = await contacts.create(fields | {"uid": f"sent-{number}"})
        row = NewRow(f"copied-{number}", None, values_of(of_new(fields, None)))
        (copied_id,) = await repository.insert(owner, [row], 100, moment)
        before, after = [
            await pg.fetchrow("SELECT * FROM contacts WHERE id = $1", each)
            for each in (sent["id"], copied_id)
        ]
        own = ("uid", "changed_by", "created_at", "updated_at")
        differing = [each for each in COLUMNS if each not in own and before[each] != after[each]]
        assert differing == []
        assert [after[each] for each in own] == [f"copied-{number}", "import", moment, moment]
        assert after["seq"] == before["seq"] + 1


def test_every_column_is_copied_once() -> None:
    assert sorted(COPIED) == sorted(["owner_id", "seq", "id", *COLUMNS])
    assert copied(1, 1, [], [], now()).endswith(b"\xff\xff"), "a file of no rows has its end"
