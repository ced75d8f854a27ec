"""The OpenAPI document: it is valid, and it is whole."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from jsonschema_specifications import REGISTRY
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing.jsonschema import DRAFT202012

from contactsvc.routes import ROUTES
from contactsvc.web.middleware.operation import operations_of
from contactsvc.web.operation import Operation
from contactsvc.web.problems import PROBLEMS
from tests.conftest import Client, MakeClient
from tests.flows.test_access_matrix import MATRIX
from tests.support.openapi import Json, complaints, operations

OPERATIONS = {
    f"{method} {path.rstrip('/')}": declared
    for path, view in ROUTES
    for method, declared in operations_of(view)
    if declared.documented and method != "HEAD"
}

ALWAYS = {422, 500}
SIGNED_IN = {401, 403, 429}
BODY = {400, 413, 415}


def statuses(declared: Operation) -> set[int]:
    """Return every status that an operation may answer with."""
    return (
        {answer.status for answer in declared.answers}
        | {PROBLEMS[code].status for code in declared.problems}
        | ALWAYS
        | (set() if declared.any_accept else {406})
        | (set() if declared.access.public else SIGNED_IN)
        | ({429} if declared.throttles else set())
        | (BODY if declared.body or declared.upload else set())
        | ({409} if declared.idempotency_key else set())
        | ({503} if declared.needs_database else set())
    )


class Example(NamedTuple):
    """A schema and what the document shows for it."""

    where: str
    schema: Json
    value: Any


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
        for shown in schema.keys() & {"example", "default"}:
            yield Example(f"{where} {shown}", schema, schema[shown])


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


def crawled(validator: Any) -> Any:
    """Return a validator that has looked for its schema's anchors once, not at each reference."""
    resource = DRAFT202012.create_resource(validator.schema)
    uri = resource.id()
    assert uri is not None
    registry = REGISTRY.with_resource(uri, resource).crawl()
    return validator.evolve(_resolver=registry.resolver(uri))


class SpecValidator(OpenAPIV31SpecValidator):
    schema_validator = crawled(OpenAPIV31SpecValidator.schema_validator)


@pytest.mark.slow
def test_the_document_is_valid(document: Json) -> None:
    assert document["openapi"].startswith("3.1.")
    assert [str(error) for error in SpecValidator(document).iter_errors()] == []


def test_it_has_every_operation_of_the_contract_and_no_other(document: Json) -> None:
    """The access matrix names them all; only the files of Swagger UI are its own affair."""
    contract = {f"{method} {path.rstrip('/')}" for method, path in MATRIX}

    assert set(operations(document)) == contract - {"GET /api/docs/swagger-ui/{name}"}


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

    assert told == {name: statuses(declared) for name, declared in OPERATIONS.items()}


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
        "POST /api/contacts/import body multipart/form-data",
        "PUT /api/contacts/{contact_id}/photo body image/*",
    }


def test_the_form_of_an_upload_asks_for_a_file(document: Json) -> None:
    body = operations(document)["PATCH /api/users/avatar"]["requestBody"]
    name = body["content"]["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]

    schema = document["components"]["schemas"][name]
    assert body["required"] is True
    assert schema["required"] == ["file"]
    assert schema["properties"]["file"].items() >= {"type": "string", "format": "binary"}.items()


def test_a_body_that_is_a_file_is_binary(document: Json) -> None:
    body = operations(document)["PUT /api/contacts/{contact_id}/photo"]["requestBody"]

    assert body["required"] is True
    assert "40 megapixels" in body["description"]
    assert body["content"] == {"image/*": {"schema": {"type": "string", "format": "binary"}}}


def test_a_parameter_that_may_come_again_is_a_list(document: Json) -> None:
    parameters = operations(document)["GET /api/contacts"]["parameters"]

    [tag] = [each["schema"] for each in parameters if each["name"] == "tag"]
    texts = {"type": "string", "maxLength": 50}
    assert tag == {"type": "array", "items": texts, "maxItems": 50}


def test_every_example_and_default_fits_its_schema(document: Json) -> None:
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
        texts = dict.fromkeys(("token", "secret", "name", "letters"), "x")
        url = path.format(id=1, contact_id=1, version=1, colour=1, **texts)
        async with client.request(method, url) as response:
            if response.status == 401:
                asked.add(name)

    # An empty requirement among them means that no token is needed.
    told = {
        name
        for name, operation in operations(document).items()
        if operation["security"] and {} not in operation["security"]
    }

    assert told == asked
    assert "GET /api/contacts" in told
    assert "POST /api/auth/login" not in told


def test_the_security_schemes_are_those_that_operations_name(document: Json) -> None:
    named = {
        scheme
        for operation in operations(document).values()
        for requirement in operation["security"]
        for scheme in requirement
    }

    schemes = document["components"]["securitySchemes"]
    assert set(schemes) == named == {"password", "bearer", "app_password", "metrics_token"}
    assert schemes["password"]["flows"]["password"]["tokenUrl"] == "/api/auth/login"
    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")
    assert operations(document)["GET /api/users/me"]["security"] == [
        {"password": []},
        {"bearer": []},
    ]
    assert operations(document)["PATCH /api/contacts/{contact_id}"]["security"] == [
        {"password": []},
        {"bearer": []},
        {"app_password": []},
    ]
    assert operations(document)["GET /metrics"]["security"] == [{"metrics_token": []}, {}]
    assert operations(document)["POST /api/auth/login"]["security"] == []


def test_an_idempotency_key_is_told_with_all_that_follows(document: Json) -> None:
    add = operations(document)["POST /api/contacts"]
    (key,) = [each for each in add["parameters"] if each["name"] == "Idempotency-Key"]
    assert key["in"] == "header"
    assert key["example"]
    bounds = {name: key["schema"][name] for name in ("minLength", "maxLength")}
    assert bounds == {"minLength": 1, "maxLength": 255}
    assert add["responses"]["201"]["headers"]["Idempotency-Replayed"]["example"] == "true"
    for status, code in (("409", "conflict"), ("422", "idempotency_key_reused")):
        problems = add["responses"][status]["content"]["application/problem+json"]
        assert code in problems["examples"]
    assert "Idempotency-Key" not in str(operations(document)["PATCH /api/contacts/{contact_id}"])


def test_nothing_is_there_that_linters_and_generators_stumble_over(document: Json) -> None:
    """What Redocly's recommended rules refuse, and openapi-python-client 0.29 makes bad code of."""
    assert [path for path in document["paths"] if path.endswith("/")] == []
    for name, operation in operations(document).items():
        assert isinstance(operation.get("security"), list), name
        # A function that takes several kinds of body and no optional parameter is not importable.
        if len(operation.get("requestBody", {}).get("content", {})) > 1:
            assert [p for p in operation["parameters"] if not p.get("required")], name
