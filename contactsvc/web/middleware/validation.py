"""Validates body, query and path with the handler's schemas, by aiohttp-apispec's middleware.

The parser takes the place of webargs', and is stricter: it refuses duplicate names, invalid
encodings, and media types other than those of the schema.
"""

import asyncio
import json
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NoReturn
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_apispec import validation_middleware
from marshmallow import Schema, ValidationError

from contactsvc.platform.errors import FieldError, MalformedBody, PayloadTooLarge, ValidationFailed
from contactsvc.web.bodies import read_body
from contactsvc.web.idempotency import BODY_DIGEST, digest_of, has_key
from contactsvc.web.operation import OPERATION
from contactsvc.web.pointers import field_errors, pointer
from contactsvc.web.schemas import FORM, MAX_ERRORS, BodySchema, QuerySchema

__all__ = ["install_parser", "validation"]

# aiohttp-apispec uses string keys for what it has read.
warnings.filterwarnings("ignore", category=web.NotAppKeyWarning, module="aiohttp_apispec")

UNKNOWN: Final = "Unknown field."
TWICE: Final = "Given more than once."
BODY_TIMEOUT: Final = 30.0
"""Seconds within which the whole body must arrive."""
MAX_FORM: Final = 16 * 1024
"""Bytes of a form: e-mail and password, each character percent-encoded, are less than 6 KiB."""
MAX_MARKS: Final = 200_000
"""Commas and opening brackets of JSON, and so about as many values: they take 20 ms in one piece,
and 20 MB. A body of 4 MiB could have a hundred times as much in memory."""
LARGE: Final = 64 * 1024
"""Bytes of a body that is parsed and validated beside the event loop."""
MAX_KEPT_QUERIES: Final = 1024
"""How many validated queries are kept, of all lists together; the least recently used go first."""
MAX_KEPT_LENGTH: Final = 256
"""Characters of the longest query that is kept, so that all of them take about a megabyte."""


def install_parser(app: web.Application) -> None:
    """Set the parser of aiohttp-apispec's middleware, under the string keys that it looks up."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", web.NotAppKeyWarning)
        app["_apispec_parser"] = RequestParser()
        app["_apispec_request_data_name"] = "data"


@web.middleware
async def validation(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Validate by the handler's schemas; refuse a query if there is no schema for it."""
    operation = request[OPERATION]
    must_be_empty = operation is not None and not (operation.query or operation.any_query)
    if must_be_empty and request.rel_url.raw_query_string and request.query:
        names = list(_unique(_query(request.rel_url.raw_query_string)))[:MAX_ERRORS]
        raise ValidationFailed([FieldError(pointer("", name), UNKNOWN) for name in names])
    if operation is None or not (operation.body or operation.query or operation.path):
        return await handler(request)
    response: web.StreamResponse = await validation_middleware(request, handler)
    return response


class RequestParser:
    """What aiohttp-apispec's middleware asks for each part of a request, instead of webargs."""

    async def parse(
        self, schema: Schema, request: web.Request, *, location: str, unknown: None = None
    ) -> dict[str, Any]:
        """Return one part of a request, validated.

        Args:
            schema: The schema of that part.
            request: The request.
            location: json, querystring or match_info, as the operation's decorators say it.
            unknown: None: the schema tells what becomes of unknown names.

        Raises:
            ValidationFailed: A name or a value is refused.
            MalformedBody: The body cannot be parsed.
            HTTPUnsupportedMediaType: The body is not of a media type of the schema.
        """
        try:
            return await _LOADERS[location](request, schema)
        except ValidationError as error:
            raise ValidationFailed(field_errors(error)) from error


async def _load_path(request: web.Request, schema: Schema) -> dict[str, Any]:
    loaded: dict[str, Any] = schema.load(request.match_info)
    return loaded


async def _load_querystring(request: web.Request, schema: Schema) -> dict[str, Any]:
    """Return the query; lists are asked with few different ones."""
    raw = request.rel_url.raw_query_string
    if len(raw) <= MAX_KEPT_LENGTH and isinstance(schema, QuerySchema):
        return dict(_load_kept_query(schema, raw))
    repeated = schema.repeated if isinstance(schema, QuerySchema) else ()
    loaded: dict[str, Any] = schema.load(_parameters(raw, repeated))
    return loaded


async def _load_body(request: web.Request, schema: Schema) -> dict[str, Any]:
    operation = request[OPERATION]
    own = operation.body_limit if operation is not None else None
    max_size = own or request.client_max_size
    if request.content_type == FORM:
        max_size = min(max_size, MAX_FORM)
    body = await read_body(request, max_size, BODY_TIMEOUT)
    if operation is not None and operation.idempotency_key and has_key(request):
        request[BODY_DIGEST] = await digest_of(body)
    if len(body) > LARGE:
        return await asyncio.to_thread(_loaded, body, request.content_type, schema)
    return _loaded(body, request.content_type, schema)


def _loaded(body: bytes, media_type: str, schema: Schema) -> dict[str, Any]:
    data = _parsed(body, media_type, schema) if body else {}
    loaded: dict[str, Any] = schema.load(data)
    return loaded


_LOADERS: Final = {"json": _load_body, "querystring": _load_querystring, "match_info": _load_path}


def _parsed(body: bytes, media_type: str, schema: Schema) -> Any:
    """Return the body as Python objects, before validation by the schema."""
    if not isinstance(schema, BodySchema) or media_type not in schema.media_types:
        raise web.HTTPUnsupportedMediaType
    try:
        text = body.decode()
        if media_type == FORM:
            pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=20)
            return schema.from_form(_unique(pairs))
        if sum(map(body.count, _MARKS)) > MAX_MARKS:
            raise PayloadTooLarge(f"The body has more than {MAX_MARKS} commas and brackets.")
        return _JSON.decode(text)
    except RecursionError as error:
        raise MalformedBody("The body is nested too deeply.") from error
    except ValueError as error:
        raise MalformedBody from error


def _parameters(raw: str, repeated: Collection[str] = ()) -> dict[str, Any]:
    """Return the parameters of a query; those in ``repeated`` are lists."""
    pairs = _query(raw)
    if not repeated:
        return _unique(pairs)
    several = {name: [value for each, value in pairs if each == name] for name in repeated}
    once = _unique([pair for pair in pairs if pair[0] not in several])
    return once | {name: values for name, values in several.items() if values}


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs as a dict.

    Raises:
        ValidationFailed: A name occurs twice; parsers differ on which value counts.
    """
    result = dict(pairs)
    if len(result) < len(pairs):
        raise ValidationFailed([FieldError(pointer("", _first_repeated(pairs)), TWICE)])
    return result


def _first_repeated(pairs: Iterable[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            break
        seen.add(name)
    return name


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


_MARKS: Final = (b",", b"[", b"{")
_JSON: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)


def _query(raw: str) -> list[tuple[str, str]]:
    """Return the query's pairs; invalid UTF-8 becomes lone surrogates, which fields refuse."""
    return parse_qsl(raw, keep_blank_values=True, errors="surrogateescape")


@lru_cache(MAX_KEPT_QUERIES)
def _load_kept_query(schema: QuerySchema, raw: str) -> Mapping[str, Any]:
    """Return a validated query, which is kept; one that is refused is not."""
    loaded: dict[str, Any] = schema.load(_parameters(raw, schema.repeated))
    return MappingProxyType(loaded)
