"""What an entry of a list consists of, and what is refused of it."""

from typing import Any

import pytest
from marshmallow import ValidationError

from contactsvc.contacts.schemas import entries
from contactsvc.contacts.schemas.entries import PHONE_TYPES, TYPES, Tags

MINIMAL: list[tuple[type[Any], dict[str, Any]]] = [
    (entries.EmailEntrySchema, {"value": "a@example.com"}),
    (entries.PhoneEntrySchema, {"value": "112"}),
    (entries.AddressSchema, {"country": "United Kingdom"}),
    (entries.UrlSchema, {"value": "https://example.com"}),
    (entries.DateSchema, {"value": "--02-29"}),
    (entries.RelationSchema, {"value": "Anne"}),
    (entries.CustomSchema, {"value": "x"}),
]
TYPED: dict[type[Any], tuple[str, ...]] = {
    entries.EmailEntrySchema: TYPES,
    entries.UrlSchema: TYPES,
    entries.AddressSchema: TYPES,
}
TYPED |= {entries.PhoneEntrySchema: PHONE_TYPES}


@pytest.mark.parametrize(("schema", "entry"), MINIMAL)
def test_what_is_left_out_is_empty(schema: type[Any], entry: dict[str, Any]) -> None:
    loaded = schema().load(entry)
    assert entry.items() <= loaded.items()
    rest = {value for name, value in loaded.items() if name not in entry}
    assert rest <= {"", None}
    assert loaded["label"] == ""
    assert ("type" in loaded) == (schema in TYPED)


@pytest.mark.parametrize(("schema", "entry"), MINIMAL)
def test_types_are_a_few(schema: type[Any], entry: dict[str, Any]) -> None:
    for kind in (*PHONE_TYPES, None):
        if kind in (*TYPED.get(schema, ()), None) and schema in TYPED:
            assert schema().load(entry | {"type": kind})["type"] == kind
        else:
            with pytest.raises(ValidationError) as error:
                schema().load(entry | {"type": kind})
            assert error.value.messages.keys() == {"type"}  # type: ignore[union-attr]


def test_a_tag_keeps_its_first_spelling_and_place() -> None:
    field = Tags()
    assert field.deserialize(["b", "A", "B", "a", "c"]) == ["b", "A", "c"]
    assert field.deserialize(["ß", "SS", "é", "e"]) == ["ß", "é", "e"]
    with pytest.raises(ValidationError):
        field.deserialize([f"{number}" for number in range(51)])
