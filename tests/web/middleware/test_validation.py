"""The helpers that name what does not fit; the rest of the parser is tested over HTTP."""

import warnings
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import make_mocked_request
from marshmallow import fields, pre_load

from contactsvc.platform.errors import FieldError, ValidationFailed
from contactsvc.routes import ROUTES
from contactsvc.web.fields import Birthday
from contactsvc.web.middleware.operation import operations_of
from contactsvc.web.middleware.validation import (
    RequestParser,
    _flatten,
    _pointer,
    _refuse_constant,
    _unique,
    install_parser,
)
from contactsvc.web.schemas import FORM, JSON, QuerySchema
from tests.conftest import PASSWORD, Client, Person, pointers, problem


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


@pytest.mark.parametrize(("length", "validated"), [(256, 1), (257, 2)])
async def test_a_long_query_is_not_kept(length: int, validated: int) -> None:
    schema, query = CountedQuery(), "text=".ljust(length, "a")

    assert await parsed(schema, query) == await parsed(schema, query)
    assert schema.validated == validated


@pytest.mark.parametrize("query", ["number=x", "other=1", "number=1&number=1"])
async def test_a_refused_query_is_refused_again(query: str) -> None:
    schema = CountedQuery()
    for _ in range(2):
        with pytest.raises(ValidationFailed):
            await parsed(schema, query)


async def test_an_answer_names_no_more_errors_than_it_may() -> None:
    query = "&".join(f"unknown{number}=1" for number in range(51))
    with pytest.raises(ValidationFailed) as error:
        await parsed(CountedQuery(), query)
    assert len(error.value.errors) == 50


async def test_an_answer_where_no_query_is_read_names_no_more_either(client: Client) -> None:
    response = await client.get("/livez?" + "&".join(f"unknown{number}" for number in range(51)))
    assert await pointers(response) == {f"/unknown{number}" for number in range(50)}


async def test_a_query_is_refused_only_where_none_is_read(ada: Person) -> None:
    assert (await ada.get("/api/contacts/?limit=1")).status == 200
    await problem(await ada.get("/nothing"), 404, "not_found")
    await problem(await ada.get("/nothing?a=1"), 404, "not_found")
    await problem(await ada.request("PUT", "/api/contacts/?a=1"), 405, "method_not_allowed")


def test_the_parser_is_where_aiohttp_apispec_looks_for_it() -> None:
    app, filters = web.Application(), [*warnings.filters]
    install_parser(app)
    assert isinstance(app["_apispec_parser"], RequestParser)
    assert app["_apispec_request_data_name"] == "data"
    assert [*warnings.filters] == filters, "others' string keys are still told"


@pytest.mark.parametrize("separator", ["", "&", "&&"])
async def test_a_query_of_nothing_is_none(client: Client, separator: str) -> None:
    assert (await client.get(f"/livez?{separator}")).status == 200


async def test_a_form_is_read_as_browsers_send_it(ada: Person) -> None:
    """As the login form of OAuth 2.0 is, with fields that are read by nobody."""
    form = {"username": ada.email, "password": PASSWORD, "scope": ""}
    several = form | {f"field{number}": "" for number in range(17)}
    login = "/api/auth/login"

    assert (await ada.client.post(login, data=form)).status == 200
    assert "/field0" in await pointers(await ada.client.post(login, data=several))
    too_many = await ada.client.post(login, data=several | {"one": "more"})
    await problem(too_many, 400, "malformed_body")
    blank = await ada.client.post(login, data=form | {"password": "", "usernam": ""})
    assert "/usernam" in await pointers(blank)
    twice = FormData([*form.items(), ("scope", "")])
    assert await pointers(await ada.client.post(login, data=twice)) == {"/scope"}


async def test_what_is_no_form_in_utf_8_is_refused(client: Client) -> None:
    for body in (b"username=\xff", b"\xff=a"):
        headers = {"Content-Type": FORM}
        response = await client.post("/api/auth/login", data=body, headers=headers)
        await problem(response, 400, "malformed_body")


async def test_a_body_of_another_media_type_is_refused(ada: Person) -> None:
    for media_type in ("text/plain", FORM, "application/jsonx"):
        headers = {"Content-Type": media_type}
        response = await ada.post("/api/contacts/", data=b'{"first_name": "x"}', headers=headers)
        await problem(response, 415, "unsupported_media_type")


async def test_why_a_body_is_refused_is_told(ada: Person) -> None:
    headers = {"Content-Type": JSON}
    nested = await ada.post("/api/contacts/", data=b"[" * 100_000, headers=headers)
    assert (await nested.json())["detail"] == "The body is nested too deeply."
    broken = await ada.post("/api/contacts/", data=b'{"a": NaN}', headers=headers)
    assert (await broken.json())["detail"] == "The body is not valid JSON in UTF-8."


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
    assert list(_flatten("", messages, None)) == [FieldError(*pair) for pair in found]


@pytest.mark.parametrize(
    ("data", "messages", "pointer"),
    [
        ([], {"_schema": ["Invalid."]}, ""),
        ({"_schema": 1}, {"_schema": ["Unknown."]}, "/_schema"),
        ({"a": "text"}, {"a": {"_schema": ["Invalid."]}}, "/a"),
        ({"a": {"_schema": 1}}, {"a": {"_schema": ["Unknown."]}}, "/a/_schema"),
        ({"a": [{}, "text"]}, {"a": {1: {"_schema": ["Invalid."]}}}, "/a/1"),
        ({"a": [{"_schema": 1}]}, {"a": {0: {"_schema": ["Unknown."]}}}, "/a/0/_schema"),
    ],
)
def test_what_is_no_object_is_named_and_a_field_may_be_called_as_it_is(
    data: Any, messages: Any, pointer: str
) -> None:
    assert [error.pointer for error in _flatten("", messages, data)] == [pointer]


def test_pairs_become_a_dict() -> None:
    assert _unique([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["a", "", "x/y"])
def test_a_name_given_twice_is_refused(name: str) -> None:
    with pytest.raises(ValidationFailed) as error:
        _unique([(name, 1), ("b", 2), (name, 1)])
    assert [field.pointer for field in error.value.errors] == [_pointer("", name)]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_python_takes_for_json_is_refused(constant: str) -> None:
    with pytest.raises(ValueError, match=f"^{constant} is not JSON$"):
        _refuse_constant(constant)
