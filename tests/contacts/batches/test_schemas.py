"""An operation is read as its own call would read it."""

from typing import Any

import pytest

from contactsvc.contacts.batches.planning import Method, Step
from contactsvc.contacts.batches.schemas import BatchSchema
from contactsvc.platform.errors import ValidationFailed


def read(**operation: Any) -> Step:
    (step,) = BatchSchema().load({"operations": [operation]})["operations"]
    assert isinstance(step, Step)
    return step


def test_missing_fields_take_a_default_where_the_contact_is_whole() -> None:
    contact = {"first_name": "Ada", "notes": ""}
    for operation in ({"method": "create"}, {"method": "replace", "id": 7}):
        step = read(contact=contact, **operation)
        assert isinstance(step.fields, dict)
        assert step.fields["tags"] == []
        assert "email" not in step.fields
    step = read(method="update", id=7, contact={"notes": None})
    assert step == Step(Method.UPDATE, {"notes": ""}, 7)
    assert read(method="delete", id=7) == Step(Method.DELETE, {}, 7)


@pytest.mark.parametrize(
    ("if_match", "versions"),
    [(None, None), ("*", None), ('"1"', [1]), ('"1", "12"', [1, 12]), ('W/"1"', []), ("1", [])],
)
def test_if_match_names_versions(if_match: str | None, versions: list[int] | None) -> None:
    assert read(method="delete", id=7, if_match=if_match).versions == versions


def test_what_does_not_fit_of_a_contact_fails_its_operation_alone() -> None:
    step = read(method="create", contact={"first_name": 1, "email": "x"})
    assert isinstance(step.fields, ValidationFailed)
    assert {error.pointer for error in step.fields.errors} == {"/first_name", "/email"}


def test_the_id_of_the_contact_is_that_of_its_operation() -> None:
    assert read(method="update", id=7, contact={"id": 7}).fields == {}
    step = read(method="update", id=7, contact={"id": 8})
    assert isinstance(step.fields, ValidationFailed)
    assert [error.pointer for error in step.fields.errors] == ["/id"]
    created = read(method="create", contact={"id": 8, "first_name": "Ada"}).fields
    assert isinstance(created, dict)
    assert "id" not in created


def test_it_is_all_or_nothing_unless_said_otherwise() -> None:
    assert BatchSchema().load({"operations": []}) == {"operations": [], "atomic": True}
