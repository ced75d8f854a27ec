"""A contact as the JSON of an answer."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson

from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.columns import of_new
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import ContactRow, public
from contactsvc.contacts.schemas.answers import ContactAnswer

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
TIMES = {"created_at": MOMENT, "updated_at": MOMENT, "version": 1, "derived_version": 1}
URL = "https://example.com"

AWKWARD = 'a"b\\c \x01\n\t\x7f \u2028 </b> ",{"urls": [] Ünï 🙂'
TEXTS = ("last_name", "middle_name", "prefix", "suffix", "nickname", "department", "title")
EVERYTHING: dict[str, Any] = {
    "first_name": AWKWARD,
    **{name: f"{name} Ада" for name in TEXTS},
    "organization": "Ада",
    "emails": [{"value": "a@example.com", "type": "work", "label": AWKWARD}],
    "phones": [{"value": "020 7946 0958", "type": None, "label": ""}],
    "urls": [{"value": 'https://example.com/?":', "type": None, "label": '":'}],
    "custom": [{"label": AWKWARD, "value": AWKWARD}],
    "birthday": "--02-29",
    "notes": AWKWARD,
    "tags": ["x", '"', "ключ"],
    "favorite": True,
}


def by_the_schema(row: ContactRow) -> Any:
    """Return a contact as the schema writes it, which takes many times as long."""
    photo_url = row["photo"] and f"{URL}/api/contacts/{row['id']}/photo"
    lists = orjson.loads(row["details"])
    written = ContactAnswer().dump({**row, "book_id": 1, "photo_url": photo_url, **lists})
    for name in ("created_at", "updated_at"):
        written[name] = written[name].replace("+00:00", "Z")
    return written


def as_sent(row: ContactRow, **more: Any) -> Any:
    answer = orjson.dumps({"items": [contact_json(row, URL, **more)]}, option=orjson.OPT_UTC_Z)
    return orjson.loads(answer)["items"][0]


def test_the_lists_stand_beside_the_columns() -> None:
    columns = of_new({"first_name": "Ада", "email": "a@example.com", "tags": ["x"]}, None)
    row = public(columns | TIMES | {"id": 7}, 1)

    contact = as_sent(row, turns=3)

    assert contact["emails"] == [{"value": "a@example.com", "type": None, "label": ""}]
    assert (contact["id"], contact["book_id"], contact["turns"]) == (7, 1, 3)
    assert contact["created_at"] == "2026-01-31T12:00:00Z"
    assert contact["photo_url"] is None
    assert not contact.keys() & {"photo", "details", "version"}


def test_a_photo_has_a_url() -> None:
    columns = of_new({"first_name": "Ada"}, None) | {"photo": "etag"}
    row = public(columns | TIMES | {"id": 7}, 1)
    assert as_sent(row)["photo_url"] == f"{URL}/api/contacts/7/photo"


def test_a_row_may_be_answered_twice() -> None:
    row = public(of_new(EVERYTHING, "GB") | TIMES | {"id": 7}, 1)
    assert as_sent(row) == as_sent(row) == by_the_schema(row)


async def test_what_the_database_gives_is_answered_as_the_schema_says(
    contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    for fields in (EVERYTHING, {"last_name": "Bare"}):
        made, _ = await contacts.create(fields)
        assert as_sent(made) == by_the_schema(made), "made of what was sent"
        assert as_sent((await contacts.get(made["id"]))[0]) == as_sent(made)
    await pg.execute("UPDATE contacts SET photo = 'etag' WHERE first_name <> ''")
    await pg.execute("UPDATE contacts SET created_at = '2026-01-31 12:00:00.00012+00'")

    for wanted in (ContactFilter(), ContactFilter(q="a")):
        page = await contacts.page(wanted, "-created_at", 5)
        assert len(page.rows) == 2
        for row in page.rows:
            contact = as_sent(row)
            assert contact == by_the_schema(row)
            assert list(contact)[:2] == ["id", "uid"]
            assert contact["created_at"] == "2026-01-31T12:00:00.000120Z"
            assert (await contacts.get(row["id"]))[0] == row
