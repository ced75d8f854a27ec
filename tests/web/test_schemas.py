"""What all bodies share."""

import importlib
import inspect
import pkgutil
from types import ModuleType

import pytest
from marshmallow import RAISE

import contactsvc
from contactsvc.accounts.avatars.schemas import AvatarSchema
from contactsvc.web.schemas import JSON, BodySchema, StrictSchema


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
