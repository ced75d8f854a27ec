"""The query of a list of contacts, and the path of one."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError

from contactsvc.contacts.orders import SORTS
from contactsvc.contacts.schemas.queries import ContactPathSchema, ContactQuerySchema


def errors(schema: Schema, data: Any) -> dict[str, Any]:
    with pytest.raises(ValidationError) as error:
        schema.load(data)
    assert isinstance(error.value.messages, dict)
    return error.value.messages


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
