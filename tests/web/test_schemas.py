"""What all bodies share."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from types import ModuleType
from typing import Any, Final

import pytest
from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validates

import contactsvc
from contactsvc.accounts.avatars.schemas import AvatarSchema
from contactsvc.web.schemas import JSON, MAX_ERRORS, BodySchema, StrictSchema


def schemas_of(module: ModuleType) -> list[type[StrictSchema]]:
    classes = [cls for _, cls in inspect.getmembers(module, inspect.isclass)]
    return [cls for cls in classes if issubclass(cls, StrictSchema)]


MODULES = [
    importlib.import_module(module.name)
    for module in pkgutil.walk_packages(contactsvc.__path__, f"{contactsvc.__name__}.")
    if module.name.endswith("schemas")
]
INCOMING = sorted({cls for m in MODULES for cls in schemas_of(m)}, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("schema", INCOMING)
def test_whatever_comes_in_refuses_what_it_does_not_know(schema: type[StrictSchema]) -> None:
    assert schema().unknown == RAISE


@pytest.mark.parametrize("schema", [cls for cls in INCOMING if issubclass(cls, BodySchema)])
def test_every_body_may_come_as_json_but_a_file(schema: type[BodySchema]) -> None:
    assert (JSON in schema.media_types) is (schema is not AvatarSchema)


def test_a_form_is_taken_as_it_is() -> None:
    assert BodySchema().from_form({"a": "1"}) == {"a": "1"}


HOSTILE: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 2**64, 1.5, float("nan"), [], [None], {}, {"": ""}),
    *("", " ", "\0", "\ud800", "\u200b", "e" + "\u0301" * 300, "x" * 20_000),
    *("x@", "1815-13-10", "9999-12-31", "--02-30", "tel:%35", "\u0665", "+380501234567", "no"),
)


def bodies_for(schema: Schema) -> Iterator[dict[Any, Any]]:
    """Yield a body as documented, and others that differ from it in one field."""
    good = {
        field.data_key or name: field.metadata.get("example", "Ada")
        for name, field in schema.load_fields.items()
    }
    yield good
    for unknown in ("unknown", "", "_schema", "__class__"):
        yield {**good, unknown: 1}
    for name in good:
        yield {key: value for key, value in good.items() if key != name}
        yield from ({**good, name: value} for value in HOSTILE)
        yield {**good, name: 1, "unknown": 1}


def outcome(load: Callable[[Any], Any], data: Any) -> Any:
    try:
        found = load(data)
        return list(found.items()) if isinstance(found, dict) else repr(found)
    except ValidationError as error:
        return error.messages


@pytest.mark.parametrize("schema", INCOMING)
def test_what_is_read_field_by_field_is_what_marshmallow_reads(schema: type[StrictSchema]) -> None:
    ours = schema()
    data: Any
    for data in (*bodies_for(ours), {}, [], None, "text", 1):
        before = repr(data)
        expected = outcome(lambda data: Schema.load(ours, data), data)
        assert outcome(ours.load, data) == expected
        assert repr(data) == before


@pytest.mark.parametrize("schema", [cls for cls in INCOMING if issubclass(cls, BodySchema)])
def test_of_many_unknown_names_few_are_looked_at(schema: type[BodySchema]) -> None:
    ours = schema()
    good = next(bodies_for(ours))
    unknown = {f"unknown {number}": number for number in range(MAX_ERRORS + len(good) + 2)}

    assert len(unknown.keys() & outcome(ours.load, good | unknown)) == MAX_ERRORS
    few = dict(islice(unknown.items(), MAX_ERRORS))
    assert outcome(ours.load, unknown | good) == outcome(ours.load, good | few)
    for kind in ("include", "exclude"):
        both = [partial(load, unknown=kind) for load in (ours.load, partial(Schema.load, ours))]
        assert outcome(both[0], good | unknown) == outcome(both[1], good | unknown)


def test_hooks_run() -> None:
    class Hooked(StrictSchema):
        number = fields.Integer(required=True)

        @validates("number")
        def _refuse(self, value: int, **_: Any) -> None:
            if value == 1:
                raise ValidationError("Not one.")

        @post_load
        def _double(self, data: dict[str, int], **_: Any) -> dict[str, int]:
            return {"number": data["number"] * 2}

    assert Hooked().load({"number": 2}) == {"number": 4}
    assert outcome(Hooked().load, {"number": 1}) == {"number": ["Not one."]}


def test_options_of_load_are_marshmallows() -> None:
    class Plain(StrictSchema):
        number = fields.Integer(required=True)

    assert Plain().load([{"number": 1}], many=True) == [{"number": 1}]
    assert Plain().load({}, partial=True) == {}
    assert Plain().load({"number": 1, "other": 2}, unknown="include") == {"number": 1, "other": 2}
    assert Plain(many=True).load([{"number": 1}]) == [{"number": 1}]
    assert Plain(partial=True).load({}) == {}
    assert Plain(unknown="exclude").load({"number": 1, "other": 2}) == {"number": 1}
