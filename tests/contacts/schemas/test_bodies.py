"""Bodies of contacts: defaults, clearing, and what is refused."""

import unicodedata
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from contactsvc.contacts.details import FIRSTS, LISTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.schemas.bodies import (
    ContactPatchSchema,
    ContactReplacementSchema,
    ContactSchema,
)

NULLABLE = ("email", "phone", "birthday")


def errors(schema: Schema, data: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as error:
        schema.load(data)
    assert isinstance(error.value.messages, dict)
    return error.value.messages


NOT_GIVEN = {*FIRSTS, *FIRSTS.values()}


@pytest.mark.parametrize("schema", [ContactSchema(), ContactReplacementSchema()])
def test_missing_fields_take_the_default_of_their_columns(schema: Schema) -> None:
    loaded = schema.load({"first_name": "Ada"})
    assert loaded == {
        **{name: value for name, value in DEFAULTS.items() if name not in NOT_GIVEN},
        "first_name": "Ada",
    }


@pytest.mark.parametrize("value", ["x" * 101, 1, ["Ada"]])
@pytest.mark.parametrize("schema", [ContactSchema(), ContactPatchSchema()])
def test_a_first_name_is_up_to_a_hundred_characters(schema: Schema, value: Any) -> None:
    assert list(errors(schema, {"first_name": value})) == ["first_name"]


@pytest.mark.parametrize("schema", [ContactSchema(), ContactPatchSchema()])
def test_lengths_are_counted_to_their_edge(schema: Schema) -> None:
    data = {"notes": "z" * 10_000, "uid": "u" * 200}
    names = ("first_name", "last_name", "middle_name", "prefix", "suffix", "nickname")
    data |= dict.fromkeys(names, "x" * 100)
    data |= dict.fromkeys(("organization", "department", "title"), "y" * 200)
    loaded = schema.load(data)
    assert isinstance(loaded, dict)
    assert data.items() <= loaded.items()
    wrong = {name: value + "+" for name, value in data.items()}
    assert set(errors(schema, wrong)) == set(data)


BODIES = [ContactSchema(), ContactReplacementSchema(), ContactPatchSchema()]


@pytest.mark.parametrize("schema", BODIES)
@pytest.mark.parametrize("field", ["owner_id", "version", "unknown", "", "ID"])
def test_unknown_fields_are_refused(schema: Schema, field: str) -> None:
    assert list(errors(schema, {"first_name": "Ada", field: 1})) == [field]


@pytest.mark.parametrize("schema", BODIES)
def test_what_only_the_service_sets_is_ignored(schema: Schema) -> None:
    read_only = {
        "created_at": "2026-01-31T12:00:00Z",
        "updated_at": ["\0"],
        **dict.fromkeys(("book_id", "display_name", "photo_url"), 7),
    }
    assert schema.load({"first_name": "Ada"} | read_only) == schema.load({"first_name": "Ada"})
    phone = {"value": "112", "e164": 7}
    loaded = schema.load({"phones": [phone]})
    assert isinstance(loaded, dict)
    assert loaded["phones"] == [{"value": "112", "type": None, "label": ""}]


def test_an_id_is_for_those_bodies_whose_path_has_one() -> None:
    assert "id" not in ContactSchema().load({"first_name": "Ada", "id": 1})
    for schema in BODIES[1:]:
        loaded = schema.load({"first_name": "Ada", "id": 7})
        assert isinstance(loaded, dict)
        assert loaded["id"] == 7
        for value in (None, "7", 7.5, True, [7]):
            assert list(errors(schema, {"first_name": "Ada", "id": value})) == ["id"]


@pytest.mark.parametrize("schema", BODIES)
def test_empty_text_is_null_where_there_is_null(schema: Schema) -> None:
    sent = {"first_name": "Ada", "last_name": "", "notes": ""} | dict.fromkeys(NULLABLE, " ")
    loaded = schema.load(sent)
    assert isinstance(loaded, dict)
    assert loaded.items() >= {"last_name": "", "notes": "", **dict.fromkeys(NULLABLE)}.items()


@pytest.mark.parametrize("schema", BODIES)
def test_lengths_are_those_of_nfc(schema: Schema) -> None:
    composed = {"first_name": "\xe9" * 100, "last_name": "\u1f82" * 100, "notes": "\ud55c" * 10_000}
    taken_apart = {name: unicodedata.normalize("NFD", text) for name, text in composed.items()}
    loaded = schema.load(taken_apart)
    assert isinstance(loaded, dict)
    assert composed.items() <= loaded.items()
    for name, text in taken_apart.items():
        assert list(errors(schema, {"first_name": "Ada"} | {name: text + "x"})) == [name]
    grows = {"first_name": "\ufb2c" * 34}  # three characters each, in NFC
    assert list(errors(schema, grows)) == ["first_name"]


@pytest.mark.parametrize("data", [None, [], "text", 1, True, [{}]])
@pytest.mark.parametrize("schema", [ContactSchema(), ContactPatchSchema()])
def test_a_contact_is_an_object(schema: Schema, data: Any) -> None:
    assert list(errors(schema, data)) == ["_schema"]


def test_notes_keep_their_white_space() -> None:
    assert ContactSchema().load({"first_name": "Ada", "notes": " a\n b "})["notes"] == " a\n b "


def test_an_empty_patch_keeps_everything() -> None:
    assert ContactPatchSchema().load({}) == {}


@pytest.mark.parametrize("field", list(DEFAULTS))
def test_null_in_a_patch_clears(field: str) -> None:
    loaded = ContactPatchSchema().load({field: None})
    assert loaded == {field: DEFAULTS[field]}
    assert loaded[field] is not DEFAULTS[field] or not isinstance(loaded[field], list)


@pytest.mark.parametrize("field", sorted(DEFAULTS.keys() - set(NULLABLE)))
def test_null_in_a_whole_contact_is_refused_where_there_is_no_null(field: str) -> None:
    assert list(errors(ContactSchema(), {"first_name": "Ada", field: None})) == [field]


def test_a_patch_has_the_fields_of_the_whole_contact() -> None:
    whole, patch = ContactReplacementSchema().load_fields, ContactPatchSchema().load_fields
    assert patch.keys() == whole.keys() == {*DEFAULTS, "id", "uid"}
    assert not any(field.required for field in patch.values())
    kept = [name for name, field in patch.items() if not field.allow_none]
    assert sorted(kept) == ["id", "uid"]


def test_lists_and_firsts_have_no_default() -> None:
    for schema in BODIES:
        loaded = schema.load({})
        assert isinstance(loaded, dict)
        assert not loaded.keys() & NOT_GIVEN
    assert set(LISTS) <= DEFAULTS.keys()
