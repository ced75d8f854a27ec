"""The OpenAPI document: it is valid, it is whole, and the service answers as it says."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, NamedTuple

import asyncpg
import pytest
from aiohttp import ClientResponse, FormData
from openapi_schema_validator import OAS31Validator, oas31_format_checker
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.conftest import PASSWORD, Client, MakeClient, Person
from tests.support.pictures import flag

Json = dict[str, Any]

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
ALWAYS = {406, 422, 500}
DATABASE = {503}
SIGNED_IN = {401, 403, 429} | DATABASE
BODY = {400, 413, 415, 422}

STATUSES: dict[str, set[int]] = {
    "POST /api/auth/register": {201, 409, 429} | BODY | DATABASE,
    "POST /api/auth/login": {200, 401, 403, 429} | BODY | DATABASE,
    "POST /api/auth/refresh": {200, 401} | BODY | DATABASE,
    "POST /api/auth/logout": {204} | BODY | SIGNED_IN,
    "GET /api/users/me": {200} | SIGNED_IN,
    "PATCH /api/users/me": {200} | BODY | SIGNED_IN,
    "PATCH /api/users/avatar": {200} | BODY | SIGNED_IN,
    "DELETE /api/users/avatar": {200} | SIGNED_IN,
    "GET /api/avatars/{name}": {200, 404} | DATABASE,
    "GET /api/users/{id}/avatar.svg": {200, 404, 422} | DATABASE,
    "GET /api/auth/confirmed_email/{token}": {200, 400, 409} | DATABASE,
    "POST /api/auth/confirmed_email/{token}": {200, 409} | BODY | DATABASE,
    "POST /api/auth/request_email": {202, 429} | BODY | DATABASE,
    "POST /api/auth/update_password": {202, 429} | BODY | DATABASE,
    "GET /api/auth/confirm_update_password/{token}": {200, 400} | DATABASE,
    "POST /api/auth/confirm_update_password/{token}": {200} | BODY | DATABASE,
    "DELETE /api/users/me": {204, 409} | BODY | SIGNED_IN,
    "PUT /api/users/me/password": {204} | BODY | SIGNED_IN,
    "POST /api/users/me/email": {202} | BODY | SIGNED_IN,
    "GET /api/users/me/sessions": {200} | SIGNED_IN,
    "DELETE /api/users/me/sessions/{id}": {204, 404} | SIGNED_IN,
    "GET /api/admin/users": {200} | SIGNED_IN,
    "GET /api/admin/users/{id}": {200, 404} | SIGNED_IN,
    "PATCH /api/admin/users/{id}": {200, 404, 409} | BODY | SIGNED_IN,
    "POST /api/admin/users/{id}/logout": {204, 404} | SIGNED_IN,
    "POST /api/admin/users/{id}/reset": {202, 404} | SIGNED_IN,
    "GET /api/admin/audit": {200} | SIGNED_IN,
    "GET /api/admin/outbox": {200} | SIGNED_IN,
    "POST /api/admin/outbox/{id}/retry": {202, 404, 409} | SIGNED_IN,
    "GET /api/contacts/": {200, 422} | SIGNED_IN,
    "POST /api/contacts/": {201} | BODY | SIGNED_IN,
    "GET /api/contacts/birthdays": {200, 422} | SIGNED_IN,
    "GET /api/contacts/{contact_id}": {200, 304, 404, 422} | SIGNED_IN,
    "PUT /api/contacts/{contact_id}": {200, 404, 412} | BODY | SIGNED_IN,
    "PATCH /api/contacts/{contact_id}": {200, 404, 412} | BODY | SIGNED_IN,
    "DELETE /api/contacts/{contact_id}": {204, 404, 412, 422} | SIGNED_IN,
    "GET /api/healthchecker": {200} | DATABASE,
    "GET /livez": {200},
    "GET /metrics": {200, 401},
    "GET /api/docs": {200},
    "GET /api/docs/openapi.json": {200},
}
"""Every operation of the contract, and every status it may answer with besides ALWAYS."""


class Example(NamedTuple):
    """A schema and what the document shows for it."""

    where: str
    schema: Json
    value: Any


@pytest.fixture
async def document(client: Client) -> Json:
    """The document, fetched as everybody fetches it."""
    response = await client.get("/api/docs/openapi.json")
    assert response.status == 200
    body: Json = await response.json()
    return body


def operations(document: Json) -> dict[str, Json]:
    """Return the operations as ``METHOD /path`` and what is said about them."""
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def contents(document: Json) -> Iterator[tuple[str, Json]]:
    """Go through the media types of all bodies and answers."""
    for name, operation in operations(document).items():
        parts = {"body": operation.get("requestBody", {})} | operation["responses"]
        for part, described in parts.items():
            for media_type, content in described.get("content", {}).items():
                yield f"{name} {part} {media_type}", content


def properties(document: Json) -> Iterator[tuple[str, Json]]:
    """Go through the properties of all schemas, and through all parameters."""
    for name, schema in document["components"]["schemas"].items():
        for key, part in schema["properties"].items():
            yield f"{name}.{key}", part
    for name, operation in operations(document).items():
        for parameter in operation["parameters"]:
            yield f"{name} {parameter['name']}", parameter["schema"]


def examples(document: Json) -> Iterator[Example]:
    """Go through every example that the document shows."""
    for where, content in contents(document):
        if "example" in content:
            yield Example(where, content["schema"], content["example"])
        for key, example in content.get("examples", {}).items():
            yield Example(f"{where} {key}", content["schema"], example["value"])
    for where, schema in properties(document):
        if "example" in schema:
            yield Example(where, schema, schema["example"])


def complaints(document: Json, schema: Json, value: object) -> list[str]:
    """Return what does not fit; members that the schema does not name do not fit either."""
    components = {
        name: {"additionalProperties": False} | component
        for name, component in document["components"]["schemas"].items()
    }
    # References in the schema begin at the root of the document.
    rooted = schema | {"components": {"schemas": components}}
    validator = OAS31Validator(rooted, format_checker=oas31_format_checker)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def references(part: object) -> Iterator[str]:
    """Go through every $ref, however deep."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)


def test_the_document_is_valid(document: Json) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_it_has_every_operation_of_the_contract_and_no_other(document: Json) -> None:
    assert set(operations(document)) == set(STATUSES)


def test_operation_ids_are_unique(document: Json) -> None:
    ids = [operation["operationId"] for operation in operations(document).values()]

    assert sorted(ids) == sorted(set(ids))


def test_every_operation_has_a_summary_and_a_known_tag(document: Json) -> None:
    known = {tag["name"] for tag in document["tags"]}

    bare = {
        name
        for name, operation in operations(document).items()
        if not operation.get("summary") or set(operation.get("tags", [None])) - known
    }

    assert bare == set()


def test_every_status_of_an_operation_is_told(document: Json) -> None:
    told = {
        name: {int(status) for status in operation["responses"]}
        for name, operation in operations(document).items()
    }

    assert told == {name: statuses | ALWAYS for name, statuses in STATUSES.items()}


def test_every_body_and_json_answer_has_an_example(document: Json) -> None:
    bare = {
        where
        for where, content in contents(document)
        if ("json" in where or " body " in where)
        and not (content.get("example") or content.get("examples"))
    }

    # The document would be an example of itself, and a file has none.
    assert bare == {
        "GET /api/docs/openapi.json 200 application/json",
        "PATCH /api/users/avatar body multipart/form-data",
    }


def test_the_form_of_an_upload_asks_for_a_file(document: Json) -> None:
    body = operations(document)["PATCH /api/users/avatar"]["requestBody"]
    name = body["content"]["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]

    schema = document["components"]["schemas"][name]
    assert body["required"] is True
    assert schema["required"] == ["file"]
    assert schema["properties"]["file"].items() >= {"type": "string", "format": "binary"}.items()


def test_every_example_fits_its_schema(document: Json) -> None:
    shown = list(examples(document))

    wrong = {
        example.where: found
        for example in shown
        if (found := complaints(document, example.schema, example.value))
    }

    assert len(shown) > 100
    assert wrong == {}


def test_no_reference_leads_nowhere(document: Json) -> None:
    existing = {
        f"#/components/{kind}/{name}"
        for kind, components in document["components"].items()
        for name in components
    }

    found = set(references(document))

    assert found
    assert found - existing == set()


async def test_two_applications_in_one_process_give_the_same_document(
    make_client: MakeClient,
) -> None:
    # The first one must not use up the notes on the handlers that both share.
    first, second = await make_client(), await make_client()

    answers = [await (await c.get("/api/docs/openapi.json")).read() for c in (first, second)]

    assert answers[0] == answers[1]


async def test_security_is_told_of_exactly_what_asks_for_a_token(
    client: Client, document: Json
) -> None:
    asked = set()
    for name in operations(document):
        method, path = name.split()
        url = path.format(id=1, contact_id=1, token="x", name="x")
        async with client.request(method, url) as response:
            if response.status == 401:
                asked.add(name)

    told = {name for name, operation in operations(document).items() if operation.get("security")}

    assert told == asked
    assert "GET /api/contacts/" in told
    assert "POST /api/auth/login" not in told


def test_the_security_scheme_signs_in_at_the_service_itself(document: Json) -> None:
    named = {
        scheme
        for operation in operations(document).values()
        for requirement in operation.get("security", ())
        for scheme in requirement
    }

    schemes = document["components"]["securitySchemes"]
    assert set(schemes) == named
    assert schemes[named.pop()]["flows"]["password"]["tokenUrl"] == "/api/auth/login"


async def assert_as_documented(document: Json, name: str, response: ClientResponse) -> None:
    """Hold status, media type, headers and body of a real answer against the document."""
    text = await response.text()
    answers = operations(document)[name]["responses"]
    assert str(response.status) in answers, text
    answer = answers[str(response.status)]
    for header in answer.get("headers", ()):
        assert header in response.headers, f"{header} is documented but was not sent"
    for header in ("ETag", "Link", "Location", "Retry-After", "WWW-Authenticate"):
        if header in response.headers:
            assert header in answer.get("headers", ()), f"{header} was sent but is not documented"
    if response.status in (204, 304):
        assert "content" not in answer
        assert text == ""
        return
    content = answer["content"][response.content_type]
    value = await response.json(content_type=None) if "json" in response.content_type else text
    assert complaints(document, content["schema"], value) == []


FULL = {
    "first_name": "Zoë",
    "last_name": "Łukasz",
    "email": "zoe@example.com",
    "phone": "+44 20 7946 0958",
    "birthday": "1990-02-28",
    "notes": "Met at the fair.",
}
CONTACT = "/api/contacts/{contact_id}"
AS_JSON = {"Content-Type": "application/json"}


class Call(NamedTuple):
    """A request of a signed-in user who has three contacts, and the status it is answered with."""

    name: str
    status: int
    options: Json = {}  # noqa: RUF012 - never changed
    url: str | None = None


CALLS = [
    Call("GET /api/users/me", 200),
    Call("PATCH /api/users/me", 200, {"json": {"name": "Amazing Grace"}}),
    Call("PATCH /api/users/me", 422, {"json": {"role": "admin"}}),
    Call("PATCH /api/users/me", 400, {"data": b"{", "headers": AS_JSON}),
    Call("PATCH /api/users/me", 415, {"data": b"name=Grace"}),
    Call("PATCH /api/users/me", 413, {"data": b" " * 300_000}),
    Call("GET /api/users/me/sessions", 200),
    Call("DELETE /api/users/me/sessions/{id}", 204),
    Call("DELETE /api/users/me/sessions/{id}", 404, {}, "/api/users/me/sessions/999999"),
    Call("DELETE /api/users/me/sessions/{id}", 422, {}, "/api/users/me/sessions/x"),
    Call("GET /api/users/{id}/avatar.svg", 200),
    Call("GET /api/users/{id}/avatar.svg", 404, {}, "/api/users/999999/avatar.svg"),
    Call("GET /api/users/{id}/avatar.svg", 422, {}, "/api/users/x/avatar.svg"),
    Call("GET /api/contacts/", 200),
    Call("GET /api/contacts/", 200, {"params": {"limit": "1", "include_total": "true"}}),
    Call("GET /api/contacts/", 200, {"params": {"q": "nobody at all"}}),
    Call("GET /api/contacts/", 422, {"params": {"limit": "0"}}),
    Call("GET /api/contacts/", 406, {"headers": {"Accept": "text/html"}}),
    Call("POST /api/contacts/", 201, {"json": {"first_name": "Ada"}}),
    Call("POST /api/contacts/", 201, {"json": FULL}),
    Call("POST /api/contacts/", 422, {"json": {"birthday": "tomorrow"}}),
    Call("GET /api/contacts/birthdays", 200, {"params": {"days": "366"}}),
    Call("GET /api/contacts/birthdays", 422, {"params": {"tz": "Mars/Base"}}),
    Call(f"GET {CONTACT}", 200),
    Call(f"GET {CONTACT}", 304, {"headers": {"If-None-Match": '"1"'}}),
    Call(f"GET {CONTACT}", 404, {}, "/api/contacts/999999"),
    Call(f"GET {CONTACT}", 422, {}, "/api/contacts/x"),
    Call(f"PUT {CONTACT}", 200, {"json": FULL}),
    Call(f"PUT {CONTACT}", 412, {"json": FULL, "headers": {"If-Match": '"9"'}}),
    Call(f"PATCH {CONTACT}", 200, {"json": {"birthday": None}}),
    Call(f"PATCH {CONTACT}", 404, {"json": {}}, "/api/contacts/999999"),
    Call(f"DELETE {CONTACT}", 204),
    Call(f"DELETE {CONTACT}", 412, {"headers": {"If-Match": '"9"'}}),
    Call("POST /api/auth/logout", 204),
    Call("GET /api/healthchecker", 200),
    Call("GET /livez", 200),
    Call("GET /metrics", 200),
    Call("GET /api/docs", 200),
    Call("GET /api/docs/openapi.json", 200),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.name} {call.status}")
async def test_answers_are_as_documented(document: Json, grace: Person, call: Call) -> None:
    contact = await grace.add_contact(**FULL)
    await grace.add_contact(first_name="Leap", birthday="2000-02-29")
    await grace.add_contact(first_name="Yearless", birthday="--12-10")
    method, path = call.name.split()
    (session,) = (await (await grace.get("/api/users/me/sessions")).json())["items"]

    number = session["id"] if "sessions" in path else 1
    url = call.url or path.format(id=number, contact_id=contact["id"])
    response = await grace.request(method, url, **call.options)

    assert response.status == call.status, await response.text()
    await assert_as_documented(document, call.name, response)


ACCOUNT = {"email": "linus@example.com", "password": PASSWORD}


async def test_sign_up_and_sign_in_answer_as_documented(
    document: Json, client: Client, pg: asyncpg.Connection
) -> None:
    async def call(path: str, status: int, **options: Any) -> ClientResponse:
        response = await client.post(path, **options)
        assert response.status == status, await response.text()
        await assert_as_documented(document, f"POST {path}", response)
        return response

    await call("/api/auth/register", 201, json=ACCOUNT)
    await call("/api/auth/register", 422, json=ACCOUNT | {"password": "short"})
    await call("/api/auth/login", 403, json=ACCOUNT)
    await pg.execute("UPDATE users SET confirmed = true")
    tokens = await (await call("/api/auth/login", 200, json=ACCOUNT)).json()
    form = FormData({"username": ACCOUNT["email"], "password": PASSWORD, "grant_type": "password"})
    await call("/api/auth/login", 200, data=form)
    await call("/api/auth/refresh", 200, json={"refresh_token": tokens["refresh_token"]})
    await call("/api/auth/refresh", 401, json={"refresh_token": tokens["access_token"]})


async def test_a_wrong_password_is_answered_as_documented(document: Json, client: Client) -> None:
    response = await client.post("/api/auth/login", json=ACCOUNT)

    assert response.status == 401
    await assert_as_documented(document, "POST /api/auth/login", response)


async def test_a_taken_email_is_answered_as_documented(
    document: Json, make_client: MakeClient, grace: Person
) -> None:
    client = await make_client(registration_reveals_taken_email=True)

    response = await client.post(
        "/api/auth/register", json={"email": grace.email, "password": PASSWORD}
    )

    assert response.status == 409
    await assert_as_documented(document, "POST /api/auth/register", response)


async def test_avatars_are_answered_as_documented(
    document: Json, grace: Person, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET role = 'admin'")

    async def call(method: str, path: str, status: int, **options: Any) -> None:
        response = await grace.request(method, path.format(name="x"), **options)
        assert response.status == status, await response.text()
        await assert_as_documented(document, f"{method} {path}", response)

    form = {"file": BytesIO(flag())}
    await call("PATCH", "/api/users/avatar", 200, data=form)
    await call("PATCH", "/api/users/avatar", 415, json={})
    await call("PATCH", "/api/users/avatar", 422, data={"file": BytesIO(b"no picture")})
    await call("DELETE", "/api/users/avatar", 200)
    await call("GET", "/api/avatars/{name}", 404)


async def test_a_missing_token_is_answered_as_documented(document: Json, client: Client) -> None:
    response = await client.get("/api/users/me")

    assert response.status == 401
    await assert_as_documented(document, "GET /api/users/me", response)


async def test_ill_health_is_answered_as_documented(
    document: Json, client: Client, pg: asyncpg.Connection
) -> None:
    await pg.execute("ALTER TABLE aerich RENAME TO hidden")
    try:
        response = await client.get("/api/healthchecker")
    finally:
        await pg.execute("ALTER TABLE hidden RENAME TO aerich")

    assert response.status == 503
    await assert_as_documented(document, "GET /api/healthchecker", response)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("POST /api/contacts/", 201),
        ("PUT /api/contacts/{contact_id}", 200),
        ("PATCH /api/contacts/{contact_id}", 200),
        ("PATCH /api/users/me", 200),
        ("POST /api/auth/logout", 204),
    ],
)
async def test_the_examples_of_bodies_are_accepted(
    document: Json, grace: Person, name: str, status: int
) -> None:
    contact = await grace.add_contact()
    method, path = name.split()

    for media_type, content in operations(document)[name]["requestBody"]["content"].items():
        url, headers = path.format(contact_id=contact["id"]), {"Content-Type": media_type}
        response = await grace.request(method, url, json=content["example"], headers=headers)
        assert response.status == status, await response.text()
