"""What is decided of the operations of one contact, before anything is written."""

from typing import Any

import pytest

from contactsvc.contacts.batches.planning import Method, Plan, Step
from contactsvc.contacts.bulk import versioned
from contactsvc.contacts.columns import of_new
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.rows import TIMES
from contactsvc.platform.clock import now
from contactsvc.platform.errors import NotFound, PreconditionFailed, ValidationFailed

ID = 7


@pytest.fixture
def row() -> dict[str, Any]:
    """The columns of a contact at version 3."""
    columns = of_new({"first_name": "Ada", "notes": "x"}, None) | dict.fromkeys(TIMES, now())
    return versioned(columns | {"id": ID}, 3, now(), ChangedBy.SYNC)


def planned(row: dict[str, Any] | None, *steps: Step) -> Plan:
    plan = Plan(1, None, now())
    rows = {} if row is None else {ID: row}
    plan.add_all(rows, {ID: list(enumerate(steps))})
    assert sorted(plan.outcomes) == list(range(len(steps)))
    return plan


def errors(plan: Plan) -> list[type[Exception] | None]:
    return [type(each.error) if each.error else None for _, each in sorted(plan.outcomes.items())]


def test_each_change_begins_with_what_the_one_before_has_left(row: dict[str, Any]) -> None:
    plan = planned(
        row,
        Step(Method.UPDATE, {"last_name": "Lovelace"}, ID, [3]),
        Step(Method.UPDATE, {"last_name": "Lovelace"}, ID, [4]),
        Step(Method.REPLACE, {"first_name": "Augusta"}, ID, [4]),
    )
    assert errors(plan) == [None] * 3
    assert [(change.before, change.columns["version"]) for change in plan.updates] == [(3, 5)]
    contacts = [plan.outcomes[place].contact for place in range(3)]
    shown = [(each["display_name"], each["notes"]) for each in contacts if each]
    assert shown == [("Ada Lovelace", "x"), ("Ada Lovelace", "x"), ("Augusta", "")]
    assert {change.columns["changed_by"] for change in plan.updates} == {ChangedBy.API}
    assert plan.deletions == {}


def test_what_fails_leaves_the_contact_as_it_was(row: dict[str, Any]) -> None:
    refused = ValidationFailed.of("/notes", "Too long.")
    plan = planned(
        row,
        Step(Method.UPDATE, {"notes": "y"}, ID, [4]),
        Step(Method.UPDATE, refused, ID, [4]),
        Step(Method.UPDATE, {"first_name": ""}, ID),
        Step(Method.DELETE, {}, ID, []),
        Step(Method.UPDATE, {"notes": "y"}, ID, [3]),
    )
    assert errors(plan) == [
        *(PreconditionFailed, ValidationFailed, ValidationFailed, PreconditionFailed),
        None,
    ]
    assert plan.outcomes[1].error is refused
    assert [change.before for change in plan.updates] == [3]
    assert plan.deletions == {}


def test_what_is_deleted_is_gone_for_what_follows(row: dict[str, Any]) -> None:
    plan = planned(
        row,
        Step(Method.UPDATE, {"notes": "y"}, ID),
        Step(Method.DELETE, {}, ID),
        Step(Method.DELETE, {}, ID),
        Step(Method.UPDATE, {"notes": "z"}, ID),
    )
    assert errors(plan) == [None, None, NotFound, NotFound]
    assert (plan.deletions, plan.deleted) == ({ID: 4}, {1: ID})
    assert plan.outcomes[1].contact is None


def test_what_is_not_there_is_not_found_unless_its_fields_do_not_fit() -> None:
    refused = ValidationFailed.of("/notes", "Too long.")
    plan = planned(None, Step(Method.UPDATE, {}, ID), Step(Method.UPDATE, refused, ID))
    assert errors(plan) == [NotFound, ValidationFailed]
    assert plan.updates == []
