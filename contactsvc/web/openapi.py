"""Builds the OpenAPI document from operations and the data of aiohttp-apispec's decorators.

aiohttp-apispec can only write Swagger 2.0, and removes its data from the handlers, which several
applications share, when it does. Here the data is left in place, and apispec writes OpenAPI 3.1.
The problems that follow from a handler's access and schemas (401, 415, 422 and the like) are added.
"""

import functools
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

import orjson
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.openapi import OpenAPIConverter
from marshmallow import Schema, fields

from contactsvc import __version__
from contactsvc.web.idempotency import HEADER, REPLAYED
from contactsvc.web.operation import APP_PASSWORDS, Credential, Operation, operation_of
from contactsvc.web.problems import MEDIA_TYPE, PROBLEMS, ProblemAnswer
from contactsvc.web.query_fields import RepeatedText
from contactsvc.web.routing import Route
from contactsvc.web.schemas import FORM, MULTIPART, BodySchema, FileBody
from contactsvc.web.vocabulary import HEADER_SCHEMAS, HEADERS, SECURITY_SCHEMES, TAGS

METHODS: Final = ("get", "post", "put", "patch", "delete")
_SCHEMES: Final[Mapping[Credential, Sequence[str]]] = {
    Credential.ACCESS_TOKEN: ("password", "bearer"),
    Credential.APP_PASSWORD: ("app_password",),
    Credential.BASIC: ("basic",),
}
"""The security schemes of each credential; any one of an operation's is enough."""

_DESCRIPTION: Final = """
Press **Authorize** and sign in with e-mail and password, or paste an access token, to try the calls
out.

Every error is an RFC 9457 problem with a stable `code`. Unknown fields and parameters are refused.
A path works with and without its trailing slash, and `HEAD` mirrors `GET`.
"""
_PROBLEM_HEADERS: Final[Mapping[str, tuple[str, ...]]] = {
    "401": ("WWW-Authenticate",),
    "429": ("Retry-After", "RateLimit", "RateLimit-Policy"),
    "503": ("Retry-After",),
}
_one_at_a_time: Final = threading.Lock()


def build_document(routes: tuple[Route, ...]) -> bytes:
    """Return the OpenAPI 3.1 document of every documented route, as JSON.

    The first call takes some tenths of a second: call it beside the event loop. Calls at the same
    time wait for the one that builds.
    """
    with _one_at_a_time:
        return _document(routes)


@functools.cache
def _document(routes: tuple[Route, ...]) -> bytes:
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title="contactsvc",
        version=__version__,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": _DESCRIPTION.strip(), "license": {"name": "MIT", "identifier": "MIT"}},
        servers=[{"url": "/"}],
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    writer, named = _Writer(plugin), set[str]()
    for route in routes:
        operations = {
            method: writer.operation(declared, apispec)
            for method, declared, apispec in _documented(route)
        }
        if operations:
            # Served with a trailing slash and without; written without, as linters want it.
            spec.path(path=route.path.rstrip("/"), operations=operations)
            named |= {name for each in operations.values() for name in _names(each["security"])}
    for name, scheme in SECURITY_SCHEMES.items():
        if name in named:
            spec.components.security_scheme(name, dict(scheme))
    return orjson.dumps(spec.to_dict())


def _documented(route: Route) -> Iterator[tuple[str, Operation, dict[str, Any]]]:
    for method in METHODS:
        handler = getattr(route.view, method, None)
        if handler is not None and (declared := operation_of(handler)).documented:
            yield method, declared, handler.__apispec__


def _schema_name(schema: type[Schema] | Schema) -> str:
    """Return ContactAnswer as Contact, and ContactSchema as ContactInput."""
    cls = schema if isinstance(schema, type) else type(schema)
    return re.sub("Answer$", "", re.sub("Schema$", "Input", cls.__name__))


class _Writer:
    """Writes OpenAPI operations."""

    def __init__(self, plugin: MarshmallowPlugin) -> None:
        # It is None until the plugin belongs to a spec.
        self._convert = cast(OpenAPIConverter, plugin.converter)
        self._convert.add_attribute_function(_repeated)  # type: ignore[no-untyped-call]

    def operation(self, declared: Operation, apispec: Mapping[str, Any]) -> dict[str, Any]:
        located = {entry["location"]: entry["schema"] for entry in apispec["schemas"]}
        if isinstance(declared.upload, type):
            located["form"] = declared.upload()  # the validation has no schema of it
        body = located.get("json") or located.get("form")
        operation: dict[str, Any] = {
            name: apispec[name]
            for name in ("tags", "operationId", "summary", "description")
            if apispec[name]
        }
        operation["parameters"] = [
            *self._parameters(located),
            *_headers_in([*_request_headers(declared), "X-Request-ID"]),
        ]
        operation["responses"] = self._answers(declared, apispec["responses"]) | self._problems(
            problem_codes(declared)
        )
        if body is not None and body.fields:
            operation["requestBody"] = self._request_body(body)
        if isinstance(declared.upload, FileBody):
            operation["requestBody"] = _file_body(declared.upload)
        operation["security"] = _security(declared)
        return operation

    def _parameters(self, located: Mapping[str, Schema]) -> Iterator[dict[str, Any]]:
        for name, location in (("match_info", "path"), ("querystring", "query")):
            if name in located:
                yield from self._convert.schema2parameters(located[name], location=location)

    def _request_body(self, schema: BodySchema) -> dict[str, Any]:
        content = {}
        for media_type in schema.media_types:
            form = schema.form_schema() if media_type == FORM and schema.form_schema else None
            content[media_type] = _media_type(form or schema)
            if media_type == MULTIPART:
                del content[media_type]["example"]  # a file has none
        # If every field is optional, so is the whole body.
        required = any(field.required for field in schema.fields.values())
        return {"content": content, "required": required}

    def _answers(self, declared: Operation, responses: Mapping[str, Any]) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for answer in declared.answers:
            noted = responses[str(answer.status)]
            written: dict[str, Any] = {"description": noted["description"]}
            if schema := noted.get("schema"):
                content = _media_type(schema) if isinstance(schema, Schema) else {"schema": schema}
                written["content"] = dict.fromkeys(declared.media_types, content)
                written["content"] |= answer.others
            if headers := [*answer.headers, *([REPLAYED] * declared.idempotency_key)]:
                written["headers"] = _headers_out(headers)
            answers[str(answer.status)] = written
        return answers

    def _problems(self, codes: Iterable[str]) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for code in codes:
            status, title = str(PROBLEMS[code].status), PROBLEMS[code].title
            answer = answers.setdefault(
                status,
                {
                    "description": title,
                    "content": {MEDIA_TYPE: {"schema": ProblemAnswer(), "examples": {}}},
                },
            )
            if title not in answer["description"]:
                answer["description"] += f"; {title}"
            answer["content"][MEDIA_TYPE]["examples"][code] = {"value": _problem_example(code)}
            if status in _PROBLEM_HEADERS:
                answer["headers"] = _headers_out(_PROBLEM_HEADERS[status])
        return answers


def _repeated(
    _converter: OpenAPIConverter, field: fields.Field[Any], ret: dict[str, Any], **_: Any
) -> dict[str, Any]:
    """Turn the schema of one text into that of an array, if it may be given several times."""
    if not isinstance(field, RepeatedText):
        return {}
    ret.pop("default", None)
    items = {name: ret.pop(name) for name in ("type", "maxLength") if name in ret}
    return {"type": "array", "items": items, "maxItems": field.max_count}


def _security(declared: Operation) -> Sequence[Mapping[str, Sequence[str]]]:
    """Return the security requirements; an empty list means that no sign-in is needed."""
    if declared.security is not None:
        return declared.security
    if declared.access.public:
        return []
    accepted = [each for each in Credential if each in declared.access.credentials]
    return [{scheme: []} for each in accepted for scheme in _SCHEMES[each]]


def _names(requirements: Iterable[Iterable[str]]) -> Iterator[str]:
    for requirement in requirements:
        yield from requirement


def problem_codes(declared: Operation) -> Iterator[str]:
    """Yield the codes of all problems that a handler and the middleware before it answer with."""
    access = declared.access
    if not access.public:
        yield from ("unauthenticated", "email_not_confirmed")
    if access.roles or not access.credentials.isdisjoint(APP_PASSWORDS):
        yield "forbidden"
    if declared.throttles or not access.public:
        yield "rate_limited"
    yield from declared.problems
    if declared.idempotency_key:
        yield from ("conflict", "idempotency_key_reused")
    if not declared.any_accept:
        yield "not_acceptable"
    if declared.body or declared.upload:
        yield from ("malformed_body", "payload_too_large", "unsupported_media_type")
    yield "validation_failed"  # unknown query parameters, if nothing else
    yield "internal_error"
    if declared.needs_database:
        yield "unavailable"


def _problem_example(code: str) -> dict[str, Any]:
    example = example_of(ProblemAnswer(exclude=["errors", "checks", "results"]))
    status, title = PROBLEMS[code]
    example |= {"type": f"urn:contactsvc:problem:{code}", "code": code}
    example |= {"title": title, "status": status, "detail": f"{title}."}
    if code == "validation_failed":
        example["errors"] = example_of(ProblemAnswer(only=["errors"]))["errors"]
    return example


def _file_body(file: FileBody) -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    content: dict[str, Any] = {
        name: {"schema": binary} for name in (file.media_type, *sorted(file.others))
    }
    for name, example in file.examples.items():
        content[name]["example"] = example
    if file.field:
        form = {"type": "object", "properties": {file.field: binary}, "required": [file.field]}
        content[MULTIPART] = {"schema": form}
    return {"description": file.description, "content": content, "required": True}


def _media_type(schema: Schema) -> dict[str, Any]:
    return {"schema": schema, "example": example_of(schema)}


def _request_headers(declared: Operation) -> Iterator[str]:
    yield from declared.request_headers
    if declared.idempotency_key:
        yield HEADER


def _headers_in(names: Iterable[str]) -> Iterator[dict[str, Any]]:
    for name in names:
        yield {"in": "header", "name": name, **_header(name)}


def _headers_out(names: Iterable[str]) -> dict[str, Any]:
    return {name: _header(name) for name in names}


def _header(name: str) -> dict[str, Any]:
    schema = dict(HEADER_SCHEMAS.get(name, {"type": "string"}))
    example = {"example": schema.pop("example")} if "example" in schema else {}
    return {"description": HEADERS[name], "schema": schema, **example}


def example_of(schema: Schema) -> dict[str, Any]:
    """Return an example of a schema, made of the examples of its fields."""
    example = {}
    fields_shown = schema.load_fields if isinstance(schema, BodySchema) else schema.fields
    for name, field in fields_shown.items():
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            nested = example_of(inner.schema)
            example[field.data_key or name] = nested if inner is field else [nested]
        elif "example" in field.metadata:
            example[field.data_key or name] = field.metadata["example"]
    return example
