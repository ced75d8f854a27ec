"""What administrators may ask for and change, and what they are shown."""

from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import Schema

from contactsvc.accounts.administration.schemas import (
    AuditEventAnswer,
    AuditQuerySchema,
    MailPathSchema,
    OutboxMailAnswer,
    OutboxQuerySchema,
    UserAdminPatchSchema,
    UserQuerySchema,
)
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import AuditRow
from contactsvc.accounts.users.filter import UserFilter
from contactsvc.accounts.users.model import Role
from contactsvc.mail.model import MailStatus
from contactsvc.mail.repository import MailRow
from contactsvc.web.fields import MAX_ID
from tests.support.schemas import errors

PAGE = {"limit": 50, "cursor": None}


def test_all_users_are_listed_unless_asked_otherwise() -> None:
    query = UserQuerySchema().load({})
    assert UserFilter(**{k: v for k, v in query.items() if k not in PAGE}) == UserFilter()


def test_users_are_asked_for_by_all_that_tells_them_apart() -> None:
    asked = {"q": " hopper ", "role": "admin", "is_active": "false", "confirmed": "true"}
    expected = {"q": "hopper", "role": Role.ADMIN, "is_active": False, "confirmed": True}
    assert UserQuerySchema().load(asked) == PAGE | expected
    assert UserQuerySchema().load({"q": "x" * 200})["q"] == "x" * 200


def test_events_are_asked_for_by_whom_what_and_when() -> None:
    assert AuditQuerySchema().load({}) == PAGE | {"user_id": None, "event": None}
    asked = {"user_id": "42", "actor_id": "1", "event": "authz_change"}
    span = {"since": "2026-01-31T14:00:00+02:00", "until": "2026-02-01T00:00:00Z"}
    assert AuditQuerySchema().load(asked | span) == PAGE | {
        "user_id": 42,
        "actor_id": 1,
        "event": Event.PRIVILEGE_CHANGE,
        "since": datetime(2026, 1, 31, 12, tzinfo=UTC),
        "until": datetime(2026, 2, 1, tzinfo=UTC),
    }


def test_mails_are_asked_for_by_where_they_stand() -> None:
    assert OutboxQuerySchema().load({}) == PAGE | {"status": None}
    assert OutboxQuerySchema().load({"status": "dead"}) == PAGE | {"status": MailStatus.DEAD}


@pytest.mark.parametrize(
    ("schema", "query", "refused"),
    [
        (UserQuerySchema, {"q": "x" * 201}, {"q"}),
        (UserQuerySchema, {"role": "ADMIN"}, {"role"}),
        (UserQuerySchema, {"email": "x@example.com"}, {"email"}),
        (AuditQuerySchema, {"user_id": "0", "event": "PRIVILEGE_CHANGE"}, {"user_id", "event"}),
        (AuditQuerySchema, {"actor_id": ""}, {"actor_id"}),
        (AuditQuerySchema, {"since": "2026-01-31", "until": ""}, {"since", "until"}),
        (OutboxQuerySchema, {"status": ""}, {"status"}),
        (MailPathSchema, {"id": "0"}, {"id"}),
        (MailPathSchema, {}, {"id"}),
    ],
)
def test_what_is_refused_is_named(
    schema: type[Schema], query: dict[str, str], refused: set[str]
) -> None:
    assert errors(schema(), query) == refused


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, {}),
        ({"role": "admin"}, {"role": Role.ADMIN}),
        ({"role": "user", "is_active": False}, {"role": Role.USER, "is_active": False}),
        ({"is_active": True}, {"is_active": True}),
    ],
)
def test_what_may_be_changed_of_others(body: dict[str, Any], expected: dict[str, Any]) -> None:
    assert UserAdminPatchSchema().load(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"role": None},
        {"role": "root"},
        {"is_active": None},
        {"is_active": 0},
        {"is_active": "false"},
        {"name": "Grace"},
        {"email": "x@example.com"},
        {"confirmed": True},
    ],
)
def test_what_may_not_be_changed_is_named(body: dict[str, Any]) -> None:
    assert errors(UserAdminPatchSchema(), body) == body.keys()


def test_a_mail_is_named_by_its_id() -> None:
    assert MailPathSchema().load({"id": str(MAX_ID)}) == {"mail_id": MAX_ID}


@pytest.mark.parametrize(
    ("answer", "row"), [(AuditEventAnswer, AuditRow), (OutboxMailAnswer, MailRow)]
)
def test_what_is_shown_is_what_is_listed(answer: type[Schema], row: type) -> None:
    assert set(answer().fields) == set(row.__annotations__)
