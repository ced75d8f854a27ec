"""Places in an order, as a cursor holds them; pages themselves are tested with the contacts."""

from datetime import UTC, datetime

import orjson
import pytest

from contactsvc.platform.database.keysets import after_position, from_json, to_json

COLUMNS = ("birthday_md", "last_name_sort", "created_at", "at", "id")
ROW = {
    "id": 7,
    "at": datetime(2026, 1, 31, 12, tzinfo=UTC),
    "birthday_md": 1210,
    "last_name_sort": bytes(range(256)),
    "created_at": datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=UTC),
    "notes": "not of the order",
}


def test_a_place_survives_json() -> None:
    place = to_json(COLUMNS, ROW)

    for brought_back in (place, orjson.loads(orjson.dumps(place))):
        assert from_json(COLUMNS, brought_back) == [ROW[column] for column in COLUMNS]


def test_a_place_has_a_value_for_each_column() -> None:
    with pytest.raises(ValueError, match="shorter"):
        from_json(COLUMNS, [1210])
    with pytest.raises(ValueError, match="shorter"):
        after_position(COLUMNS, [1210], descending=False)
