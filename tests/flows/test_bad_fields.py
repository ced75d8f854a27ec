"""No field of any body that does not fit makes a route stumble."""

import json
from typing import Any

import pytest
from marshmallow import fields

from contactsvc.contacts.schemas.bodies import ContactSchema
from contactsvc.web.openapi import example_of
from tests.conftest import Person, pointers
from tests.support.places import BODIES, BODY_FIELDS, at_once, name_of, send

BAD_VALUES: list[Any] = [
    # What fits no field of text, and none of the few other fields.
    *("a\0b", "\0", "\ud800", "a\udfffb", "x" * 20_000),
    *(0, -1, 1.5, 10**20, 1e300, [], ["a"], {}, {"a": "b"}, True, False, None),
]


def is_bad(value: Any, field: fields.Field[Any]) -> bool:
    """Return whether one of the bad values is bad for a field."""
    if value is None:
        return not field.allow_none
    if isinstance(value, list) and isinstance(field, fields.List):
        return False  # its entries may fit, and are named one by one
    if isinstance(value, dict) and isinstance(field, fields.Nested):
        return False  # so are its fields
    if value == 0 and type(value) is int and isinstance(field, fields.Integer):
        return False  # an hour may be 0
    return not (isinstance(value, bool) and isinstance(field, fields.Boolean))


@pytest.mark.slow
async def test_a_field_that_does_not_fit_is_named(ada: Person, subtests: pytest.Subtests) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            example = example_of(place.schema)
            for value in BAD_VALUES:
                wrong = [n for n, f in place.schema.load_fields.items() if is_bad(value, f)]
                for names in at_once(wrong):
                    # json writes a lone surrogate as an escape, as a hostile client would.
                    body = json.dumps(example | dict.fromkeys(names, value)).encode()
                    found = await pointers(await send(ada, place, body))
                    assert found == {f"/{name}" for name in names}, repr(value)[:50]


FIELD_NAMES = {
    # A name that no schema knows, and its pointer (RFC 6901).
    "unexpected": "/unexpected",
    "": "/",
    "a/b~c": "/a~1b~0c",
    "a\0b": "/a\0b",
    "__proto__": "/__proto__",
    "\ud800": "/?",
    "é" * 10: f"/{'é' * 10}",
}


@pytest.mark.slow
async def test_an_unknown_field_is_named(ada: Person, subtests: pytest.Subtests) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            for name, pointer in FIELD_NAMES.items():
                body = json.dumps(example_of(place.schema) | {name: "x"}).encode()
                assert await pointers(await send(ada, place, body)) == {pointer}, ascii(name)


async def test_an_unknown_field_may_have_marshmallows_own_name_for_the_whole(ada: Person) -> None:
    for place in BODIES:
        body = json.dumps(example_of(place.schema) | {"_schema": "x"}).encode()
        assert await pointers(await send(ada, place, body)) == {"/_schema"}, place


async def test_many_or_long_names_do_not_swell_the_answer(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            for names in ([f"field{n}" for n in range(1500)], ["x" * 30_000]):
                body = json.dumps(dict.fromkeys(names, 1)).encode()
                response = await send(ada, place, body)
                assert await pointers(response)
                assert len(await response.read()) < 20_000


async def test_a_field_that_stands_twice_is_refused(ada: Person, subtests: pytest.Subtests) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            name, value = next(iter(example_of(place.schema).items()), ("x", 1))
            pair = f"{json.dumps(name)}: {json.dumps(value)}"
            for body in (f"{{{pair}, {pair}}}", '{"x": {"a": 1, "a": 1}}'):
                assert await pointers(await send(ada, place, body.encode()))


@pytest.mark.slow
async def test_an_empty_body_lacks_what_is_required(ada: Person, subtests: pytest.Subtests) -> None:
    for place in BODIES:
        with subtests.test(name_of(place)):
            await ada.sign_in()  # the one before may have signed out
            response = await send(ada, place, b"")

            required = {f"/{name}" for name, field in place.schema.fields.items() if field.required}
            if isinstance(place.schema, ContactSchema) and place.method != "PATCH":
                required = {"/first_name"}  # or another name
            if required:
                assert await pointers(response) == required
            else:
                assert response.status in (200, 204) or "token" in place.path


DATES = ["2023-02-29", "1900-02-29", "2000-02-30", "2000-04-31", "0000-01-01", "--02-30"]


async def test_a_day_that_never_was_is_refused(ada: Person, subtests: pytest.Subtests) -> None:
    for date in DATES:
        with subtests.test(date=date):
            for place, name in BODY_FIELDS:
                if name == "birthday":
                    body = json.dumps(example_of(place.schema) | {name: date}).encode()
                    assert await pointers(await send(ada, place, body)) == {"/birthday"}
