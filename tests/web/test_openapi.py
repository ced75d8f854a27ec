"""Examples put together of those of the fields; the document itself is looked at over HTTP."""

import inspect

import pytest
from marshmallow import Schema, fields

from contactsvc.accounts.registration import schemas as registration
from contactsvc.accounts.sessions import schemas as sessions
from contactsvc.accounts.users import schemas as users
from contactsvc.contacts import schemas as contacts
from contactsvc.contacts.birthdays import schemas as birthdays
from contactsvc.routes import ROUTES
from contactsvc.web import problems
from contactsvc.web.health import schemas as health
from contactsvc.web.openapi import build_document, example_of


class Inner(Schema):
    word = fields.String(metadata={"example": "x"})
    silent = fields.String()


class Outer(Schema):
    number = fields.Integer(metadata={"example": 0})
    nothing = fields.String(allow_none=True, metadata={"example": None})
    renamed_ = fields.String(data_key="renamed", metadata={"example": "y"})
    inner = fields.Nested(Inner)
    many = fields.List(fields.Nested(Inner))
    silent = fields.Integer()


def test_example_of() -> None:
    assert example_of(Outer()) == {
        "number": 0,
        "nothing": None,
        "renamed": "y",
        "inner": {"word": "x"},
        "many": [{"word": "x"}],
    }


def test_a_schema_without_examples_has_an_empty_one() -> None:
    assert example_of(Outer(only=["silent"])) == {}


SCHEMAS = {
    name: cls
    for module in (birthdays, contacts, health, problems, registration, sessions, users)
    for name, cls in inspect.getmembers(module, inspect.isclass)
    if issubclass(cls, Schema) and cls.__module__ == module.__name__
}
# Paths and queries come as text, which their examples are not.
BODIES = {n: c for n, c in SCHEMAS.items() if not n.endswith(("QuerySchema", "PathSchema"))}


@pytest.mark.parametrize("schema", BODIES.values(), ids=BODIES.keys())
def test_every_example_fits_its_schema(schema: type[Schema]) -> None:
    example = example_of(schema())
    assert example
    assert schema().validate(example) == {}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS.keys())
def test_every_field_that_must_be_there_is_in_the_example(schema: type[Schema]) -> None:
    required = {field.data_key or name for name, field in schema().fields.items() if field.required}
    assert required <= example_of(schema()).keys()


def test_building_twice_gives_the_same() -> None:
    # aiohttp-apispec's own builder takes the notes off the handlers the first time.
    assert build_document(ROUTES) == build_document(ROUTES)
