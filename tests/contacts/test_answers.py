"""A contact as the JSON of an answer."""

from datetime import UTC, datetime

import orjson

from contactsvc.contacts.answers import contact_json
from contactsvc.contacts.columns import of_new
from contactsvc.contacts.rows import public

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)
TIMES = {"created_at": MOMENT, "updated_at": MOMENT, "version": 1, "derived_version": 1}


def test_the_lists_stand_beside_the_columns() -> None:
    columns = of_new({"first_name": "Ада", "email": "a@example.com", "tags": ["x"]}, None)
    row = public(columns | TIMES | {"id": 7}, 1)

    contact = orjson.loads(orjson.dumps(contact_json(row, "https://example.com", turns=3)))

    assert contact["emails"] == [{"value": "a@example.com", "type": None, "label": ""}]
    assert (contact["id"], contact["book_id"], contact["turns"]) == (7, 1, 3)
    assert contact["created_at"] == "2026-01-31T12:00:00Z"
    assert contact["photo_url"] is None
    assert not contact.keys() & {"photo", "details", "version"}


def test_a_photo_has_a_url() -> None:
    columns = of_new({"first_name": "Ada"}, None) | {"photo": "etag"}
    row = public(columns | TIMES | {"id": 7}, 1)
    contact = orjson.loads(orjson.dumps(contact_json(row, "https://example.com")))
    assert contact["photo_url"] == "https://example.com/api/contacts/7/photo"
