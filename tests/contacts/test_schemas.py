"""Bodies and listings of contacts: defaults, clearing, and what is refused."""

import unicodedata
from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from contactsvc.contacts.repository import SORTS
from contactsvc.contacts.rows import DEFAULTS, PUBLIC
from contactsvc.contacts.schemas import (
    ContactAnswer,
    ContactPatchSchema,
    ContactPathSchema,
    ContactQuerySchema,
    ContactReplacementSchema,
    ContactSchema,
)

NULLABLE = ("email", "phone", "birthday")


def errors(schema: Schema, data: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as error:
        schema.load(data)
    assert isinstance(error.value.messages, dict)
    return error.value.messages


def test_missing_fields_take_their_default() -> None:
    assert ContactSchema().load({"first_name": "Ada"}) == {
        "first_name": "Ada",
        "last_name": "",
        "email": None,
        "phone": None,
        "birthday": None,
        "notes": "",
    }


@pytest.mark.parametrize("data", [{}, {"last_name": "Lovelace"}])
def test_a_contact_needs_a_first_name(data: dict[str, str]) -> None:
    assert list(errors(ContactSchema(), data)) == ["first_name"]


@pytest.mark.parametrize("value", [None, "", " ", "x" * 101, 1])
@pytest.mark.parametrize("schema", [ContactSchema(), ContactPatchSchema()])
def test_a_first_name_is_one_to_a_hundred_characters(schema: Schema, value: Any) -> None:
    assert list(errors(schema, {"first_name": value})) == ["first_name"]


@pytest.mark.parametrize("schema", [ContactSchema(), ContactPatchSchema()])
def test_lengths_are_counted_to_their_edge(schema: Schema) -> None:
    data = {"first_name": "x" * 100, "last_name": "y" * 100, "notes": "z" * 10_000}
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
    sent = {"first_name": "Ada", "created_at": "2026-01-31T12:00:00Z", "updated_at": ["\0"]}
    assert schema.load(sent) == schema.load({"first_name": "Ada"})


def test_an_id_is_for_those_bodies_whose_path_has_one() -> None:
    assert list(errors(ContactSchema(), {"first_name": "Ada", "id": 1})) == ["id"]
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


@pytest.mark.parametrize("field", [*NULLABLE, "last_name", "notes"])
def test_null_in_a_patch_clears(field: str) -> None:
    cleared = None if field in NULLABLE else ""
    assert ContactPatchSchema().load({field: None}) == {field: cleared}


@pytest.mark.parametrize("field", ["last_name", "notes"])
def test_null_in_a_whole_contact_is_refused_where_there_is_no_null(field: str) -> None:
    assert list(errors(ContactSchema(), {"first_name": "Ada", field: None})) == [field]


def test_listing_defaults() -> None:
    query = ContactQuerySchema().load({})
    assert query == {
        "q": "",
        "first_name": "",
        "last_name": "",
        "email": "",
        "sort": "last_name",
        "limit": 50,
        "cursor": None,
        "include_total": False,
    }


@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_every_sort_is_known_in_both_directions(sort: str) -> None:
    assert ContactQuerySchema().load({"sort": sort})["sort"] == sort


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sort", "id"),
        ("sort", "+last_name"),
        ("sort", "--last_name"),
        ("sort", "last_name,first_name"),
        ("sort", "LAST_NAME"),
        ("sort", ""),
        ("limit", "0"),
        ("limit", "201"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", " 1"),
        ("limit", "\u0661"),
        ("limit", ""),
        ("q", "x" * 201),
        ("q", "\0"),
        ("email", "\ud800"),
        ("include_total", "perhaps"),
        ("offset", "10"),
        ("page", "2"),
    ],
)
def test_a_listing_refuses(field: str, value: str) -> None:
    assert list(errors(ContactQuerySchema(), {field: value})) == [field]


@pytest.mark.parametrize(("limit", "number"), [("1", 1), ("200", 200)])
def test_limits_reach_their_edges(limit: str, number: int) -> None:
    assert ContactQuerySchema().load({"limit": limit})["limit"] == number


@pytest.mark.parametrize("value", ["0", str(2**63), "abc", " 1", "1_0", "\u0661"])
def test_a_path_refuses_what_is_no_id(value: str) -> None:
    assert list(errors(ContactPathSchema(), {"contact_id": value})) == ["contact_id"]


def test_the_whole_contact_has_the_defaults_of_its_columns() -> None:
    loaded = ContactSchema().load({"first_name": "Ada"})
    assert loaded == {**DEFAULTS, "first_name": "Ada"}


def test_a_patch_has_the_fields_of_the_whole_contact() -> None:
    whole, patch = ContactReplacementSchema().load_fields, ContactPatchSchema().load_fields
    assert patch.keys() == whole.keys()
    assert not any(field.required for field in patch.values())
    kept = [name for name, field in patch.items() if not field.allow_none]
    assert sorted(kept) == ["first_name", "id"]


def test_the_answer_has_the_columns_in_their_order() -> None:
    assert tuple(ContactAnswer().fields) == PUBLIC
