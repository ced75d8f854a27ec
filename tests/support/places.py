"""Every place that requests are read from: all bodies, queries and paths that there are."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any, Literal, NamedTuple

from aiohttp import ClientResponse
from marshmallow import Schema

from contactsvc.routes import ROUTES
from contactsvc.web.fields import Id
from contactsvc.web.middleware.operation import operations_of
from contactsvc.web.openapi import example_of
from tests.conftest import Person
from tests.support.sending import fetch

JSON = {"Content-Type": "application/json"}


class Place(NamedTuple):
    """Where something is read from: a body, a query or a path."""

    method: str
    path: str
    schema: Schema


OPERATIONS = [
    (method, path, declared)
    for path, view in ROUTES
    for method, declared in operations_of(view)
    if declared.documented
]


def places(kind: Literal["body", "query", "path"]) -> list[Place]:
    """Return every place of the kind, out of what the operations say they read."""
    return [
        Place(method, path, schema())
        for method, path, declared in OPERATIONS
        if (schema := getattr(declared, kind)) is not None
    ]


def name_of(place: object) -> str:
    return f"{place.method} {place.path}" if isinstance(place, Place) else str(place)


BODIES, QUERIES = places("body"), places("query")

PATHS = [
    place
    for place in places("path")
    if any(isinstance(field, Id) for field in place.schema.fields.values())
]

BODY_FIELDS = [(place, name) for place in BODIES for name in place.schema.load_fields]

PARAMETERS = [
    (place, names)
    for place in QUERIES
    if place.method != "HEAD"
    and (names := [field.data_key or name for name, field in place.schema.fields.items()])
]
"""The names of all parameters of a query; they are all sent wrong at once."""

DOCUMENTED = [Place(method, path, Schema()) for method, path, _ in OPERATIONS]

NOT_UTF_8 = ["%FF", "%ED%A0%80", "%C0%80", "a%E2%82"]

LAST = ("id", "cursor")
"""What is compared, with the path or the rest of the query, when everything else fits."""


def at_once(names: Iterable[str]) -> list[list[str]]:
    """Return which of the names are sent wrong together: no mistake may hide another."""
    groups = [[n for n in names if n not in LAST], *([n] for n in names if n in LAST)]
    return [group for group in groups if group]


def filled(path: str, value: str = "1") -> str:
    picture = {"letters": value, "colour": value}
    ids = dict.fromkeys(("id", "contact_id", "version"), value)
    return path.format(**ids, name=value, token=value, secret=value, **picture)


def good_body(place: Place) -> dict[str, Any]:
    """Return a body that fits, where the route reads one."""
    schemas = [b.schema for b in BODIES if (b.method, b.path) == (place.method, place.path)]
    return {"json": example_of(schemas[0])} if schemas else {}


async def send(person: Person, place: Place, body: bytes, **headers: str) -> ClientResponse:
    """Send a body as it is."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    data = BytesIO(body)  # aiohttp warns of much that is sent as bytes
    return await person.request(place.method, filled(place.path), data=data, headers=JSON | names)


async def ask(person: Person, place: Place, query: str) -> ClientResponse:
    """Send a query as it is, with a body that fits where one is read."""
    url = f"{filled(place.path)}?{query}"
    return await fetch(person, place.method, url, **good_body(place))
