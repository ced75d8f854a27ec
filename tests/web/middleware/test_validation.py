"""The helpers that name what does not fit; the rest of the parser is tested over HTTP."""

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from marshmallow import fields, pre_load

from contactsvc.platform.errors import FieldError, ValidationFailed
from contactsvc.routes import ROUTES
from contactsvc.web.fields import Birthday
from contactsvc.web.middleware.operation import operations_of
from contactsvc.web.middleware.validation import (
    MAX_KEPT_LENGTH,
    RequestParser,
    _flatten,
    _pointer,
    _refuse_constant,
    _unique,
)
from contactsvc.web.schemas import MAX_ERRORS, QuerySchema


class CountedQuery(QuerySchema):
    number = fields.Integer(load_default=1)
    text = fields.String()

    def __init__(self) -> None:
        super().__init__()
        self.validated = 0

    @pre_load
    def _count(self, data: Any, **_: Any) -> Any:
        self.validated += 1
        return data


async def parsed(schema: QuerySchema, query: str) -> Any:
    request = make_mocked_request("GET", f"/?{query}")
    parser = RequestParser()
    return await parser.parse(schema, request, location="querystring", unknown=None)


async def test_a_query_is_validated_once_and_every_request_has_a_copy_of_its_own() -> None:
    schema = CountedQuery()
    first = await parsed(schema, "number=2")
    first["number"] = 3

    assert await parsed(schema, "number=2") == {"number": 2}
    assert await parsed(schema, "number=4") == {"number": 4}
    assert schema.validated == 2


async def test_the_same_query_is_validated_by_the_schema_of_its_own_list() -> None:
    class Other(QuerySchema):
        number = fields.String()

    assert await parsed(CountedQuery(), "number=2") == {"number": 2}
    assert await parsed(Other(), "number=2") == {"number": "2"}


async def test_a_long_query_is_not_kept() -> None:
    schema, query = CountedQuery(), "text=".ljust(MAX_KEPT_LENGTH + 1, "a")

    assert await parsed(schema, query) == await parsed(schema, query)
    assert schema.validated == 2


@pytest.mark.parametrize("query", ["number=x", "other=1", "number=1&number=1"])
async def test_a_refused_query_is_refused_again(query: str) -> None:
    schema = CountedQuery()
    for _ in range(2):
        with pytest.raises(ValidationFailed):
            await parsed(schema, query)


async def test_an_answer_names_no_more_errors_than_it_may() -> None:
    query = "&".join(f"unknown{number}=1" for number in range(MAX_ERRORS + 1))
    with pytest.raises(ValidationFailed) as error:
        await parsed(CountedQuery(), query)
    assert len(error.value.errors) == MAX_ERRORS


def test_what_is_kept_of_queries_is_immutable_and_needs_no_clock() -> None:
    schemas = [
        declared.query()
        for route in ROUTES
        for _, declared in operations_of(route.view)
        if declared.query is not None
    ]

    found = {type(field) for schema in schemas for field in schema.fields.values()}
    assert len(found) > 4
    of_mutable_values = (fields.List, fields.Tuple, fields.Mapping, fields.Nested, fields.Raw)
    assert not [kind for kind in found if issubclass(kind, (*of_mutable_values, Birthday))]


@pytest.mark.parametrize(
    ("parent", "name", "pointer"),
    [
        ("", "birthday", "/birthday"),
        ("/items", 0, "/items/0"),
        ("", "a/b", "/a~1b"),
        ("", "m~n", "/m~0n"),
        ("", "~1", "/~01"),
        ("", "", "/"),
        ("", "é", "/é"),
        ("", "half \ud800", "/half ?"),
        ("", "x" * 500, "/" + "x" * 100),
    ],
)
def test_pointers_are_those_of_rfc_6901(parent: str, name: object, pointer: str) -> None:
    assert _pointer(parent, name) == pointer


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ({"a": ["Wrong."]}, [("/a", "Wrong.")]),
        ({"a": ["Wrong.", "Short."]}, [("/a", "Wrong."), ("/a", "Short.")]),
        ({"a": {"b": ["Wrong."]}}, [("/a/b", "Wrong.")]),
        ({"a": {0: ["Wrong."]}}, [("/a/0", "Wrong.")]),
        ({"_schema": ["Invalid."]}, [("", "Invalid.")]),
        ({"a": {"_schema": ["Invalid."]}}, [("/a", "Invalid.")]),
        ({"a": "Wrong."}, [("/a", "Wrong.")]),
        ({}, []),
    ],
)
def test_nested_messages_become_a_list(messages: Any, found: list[tuple[str, str]]) -> None:
    assert list(_flatten("", messages, "_schema")) == [FieldError(*pair) for pair in found]


def test_pairs_become_a_dict() -> None:
    assert _unique([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["a", "", "x/y"])
def test_a_name_given_twice_is_refused(name: str) -> None:
    with pytest.raises(ValidationFailed) as error:
        _unique([(name, 1), ("b", 2), (name, 1)])
    assert [field.pointer for field in error.value.errors] == [_pointer("", name)]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_python_takes_for_json_is_refused(constant: str) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        _refuse_constant(constant)
