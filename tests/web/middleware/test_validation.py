"""The helpers that name what does not fit; the rest of the parser is tested over HTTP."""

import threading
import warnings
from importlib.util import find_spec, module_from_spec
from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData, web
from aiohttp.test_utils import make_mocked_request
from marshmallow import fields, pre_load

from contactsvc.platform.errors import ValidationFailed
from contactsvc.routes import ROUTES
from contactsvc.web.bodies import read_body
from contactsvc.web.date_fields import Birthday
from contactsvc.web.middleware import validation
from contactsvc.web.middleware.operation import operations_of
from contactsvc.web.middleware.validation import (
    RequestParser,
    _parsed,
    _refuse_constant,
    _unique,
    install_parser,
)
from contactsvc.web.pointers import pointer
from contactsvc.web.schemas import FORM, JSON, QuerySchema
from tests.conftest import PASSWORD, Client, Person, pointers, problem

REQUEST = make_mocked_request("GET", "/")


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
    request = REQUEST.clone(rel_url=f"/?{query}")
    parser = RequestParser()
    return await parser.parse(schema, request, location="querystring", unknown=None)


async def test_a_query_is_validated_once_and_every_request_has_a_copy_of_its_own() -> None:
    schema = CountedQuery()
    first = await parsed(schema, "number=2")
    first["number"] = 3

    assert await parsed(schema, "number=2") == {"number": 2}
    assert await parsed(schema, "number=4") == {"number": 4}
    assert schema.validated == 2


async def test_of_1024_queries_the_least_recently_used_goes_first() -> None:
    schema = CountedQuery()
    for number in range(1024):
        await parsed(schema, f"number={number}")
    await parsed(schema, "number=0")
    assert schema.validated == 1024, "all of them are kept"

    await parsed(schema, "number=1024")
    await parsed(schema, "number=0")
    assert schema.validated == 1025
    await parsed(schema, "number=1")
    assert schema.validated == 1026


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


def test_only_of_the_string_keys_of_aiohttp_apispec_nothing_is_told() -> None:
    spec, theirs = find_spec(validation.__name__), "aiohttp_apispec.aiohttp_apispec"
    assert spec is not None
    assert spec.loader is not None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        spec.loader.exec_module(module_from_spec(spec))
        for module, category in (
            (theirs, web.NotAppKeyWarning),
            (theirs, UserWarning),
            ("another", web.NotAppKeyWarning),
        ):
            warnings.warn_explicit(module, category, "file", 1, module)

    assert [(str(warning.message), warning.category) for warning in told] == [
        (theirs, UserWarning),
        ("another", web.NotAppKeyWarning),
    ]


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


@pytest.mark.parametrize(("size", "status"), [(16 * 1024, 422), (16 * 1024 + 1, 413)])
async def test_a_form_may_have_16_kibibytes(client: Client, size: int, status: int) -> None:
    body = b"password=x&username=".ljust(size, b"a")
    response = await client.post("/api/auth/login", data=body, headers={"Content-Type": FORM})
    assert response.status == status


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


async def test_a_body_of_too_many_values_is_refused_before_it_is_read(ada: Person) -> None:
    headers = {"Content-Type": JSON}
    for value, marks in ((b"1,", 1), (b"[],", 2), (b"{},", 2)):
        fitting = (200_000 - 2) // marks
        for count, status in ((fitting, 422), (fitting + 1, 413)):
            body = BytesIO(b'{"unknown": [' + value * count + b"1]}")
            response = await ada.post("/api/contacts/", data=body, headers=headers)
            assert response.status == status, (value, count)
        detail = (await response.json())["detail"]
        assert detail == "The body has more than 200000 commas and brackets."


async def test_a_large_body_is_read_beside_the_event_loop(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()

    def parsed(*given: Any) -> Any:
        threads.add(threading.current_thread() is threading.main_thread())
        return _parsed(*given)

    monkeypatch.setattr(validation, "_parsed", parsed)
    for size, is_beside in ((64 * 1024, False), (64 * 1024 + 1, True)):
        threads.clear()
        body = b'{"unknown": "' + b"x" * (size - 15) + b'"}'
        assert len(body) == size
        response = await ada.post("/api/contacts/", data=body, headers={"Content-Type": JSON})
        assert await pointers(response) == {"/unknown"}
        assert threads == {not is_beside}


async def test_a_body_has_thirty_seconds_to_come(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    async def read(request: web.Request, max_size: int, seconds: float) -> bytes:
        given.append(seconds)
        return await read_body(request, max_size, seconds)

    monkeypatch.setattr(validation, "read_body", read)
    await pointers(await client.post("/api/auth/login", json={}))

    assert given == [30.0]


async def test_a_key_is_for_the_body_that_came_with_it(ada: Person) -> None:
    answers = [
        await ada.post("/api/contacts/", json=body, headers={"Idempotency-Key": "k"})
        for body in ({"first_name": "Ada"}, {"first_name": "Ada"}, {"first_name": "Bob"})
    ]

    first, again, other = answers
    assert (first.status, again.status) == (201, 201)
    assert await first.json() == await again.json()
    await problem(other, 422, "idempotency_key_reused")


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


def test_pairs_become_a_dict() -> None:
    assert _unique([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["a", "", "x/y"])
def test_a_name_given_twice_is_refused(name: str) -> None:
    with pytest.raises(ValidationFailed) as error:
        _unique([(name, 1), ("b", 2), (name, 1), ("c", 3)])
    assert [field.pointer for field in error.value.errors] == [pointer("", name)]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_python_takes_for_json_is_refused(constant: str) -> None:
    with pytest.raises(ValueError, match=f"^{constant} is not JSON$"):
        _refuse_constant(constant)
