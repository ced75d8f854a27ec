"""Bodies of sign-up, sign-in and sign-out."""

from typing import Any

import pytest

from contactsvc.accounts.sessions.auth_schemas import (
    LoginSchema,
    LogoutSchema,
    RefreshSchema,
    RegisterSchema,
)
from contactsvc.accounts.sessions.service import Scope
from tests.support.schemas import errors

ACCOUNT = {"email": "grace@example.com", "password": "correct horse battery staple"}


def test_a_new_account_may_have_no_name() -> None:
    assert RegisterSchema().load(ACCOUNT) == {**ACCOUNT, "name": ""}


@pytest.mark.parametrize("field", ["role", "confirmed", "is_active", "id", "username"])
def test_nobody_chooses_their_own_rights(field: str) -> None:
    assert errors(RegisterSchema(), {**ACCOUNT, field: "admin"}) == {field}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no e-mail"),
        ("email", None),
        ("password", None),
        ("password", 12345678901234),
        ("password", "x" * 257),
        ("password", "nul\0in a long password"),
        ("password", "half \ud800 of a character"),
        ("name", "x" * 101),
        ("name", None),
    ],
)
def test_a_new_account_refuses(field: str, value: Any) -> None:
    assert errors(RegisterSchema(), {**ACCOUNT, field: value}) == {field}


def test_white_space_is_part_of_a_password() -> None:
    password = "  correct horse  "
    for schema in (RegisterSchema(), LoginSchema()):
        assert schema.load({**ACCOUNT, "password": password})["password"] == password


def test_what_is_no_e_mail_may_try_to_sign_in() -> None:
    assert LoginSchema().load({**ACCOUNT, "email": "nobody"})["email"] == "nobody"


def test_a_sign_in_form_is_the_password_grant() -> None:
    form = {"grant_type": "password", "username": "g@example.com", "password": "p", "scope": ""}
    fields = LoginSchema().from_form({**form, "client_id": "", "client_secret": ""})
    assert fields == {"email": "g@example.com", "password": "p"}


@pytest.mark.parametrize("form", [{}, {"username": "g@example.com"}, {"password": "p"}])
def test_a_sign_in_form_needs_both(form: dict[str, str]) -> None:
    schema = LoginSchema()
    assert errors(schema, schema.from_form(form)) == {"email", "password"} - {
        {"username": "email"}.get(name, name) for name in form
    }


def test_a_sign_in_form_keeps_what_it_does_not_know() -> None:
    schema = LoginSchema()
    form = {"username": "g@example.com", "password": "p", "remember": "1"}
    assert errors(schema, schema.from_form(form)) == {"remember"}


@pytest.mark.parametrize("data", [{}, {"refresh_token": None}, {"refresh_token": "x" * 4097}])
def test_a_renewal_needs_a_token(data: dict[str, Any]) -> None:
    assert errors(RefreshSchema(), data) == {"refresh_token"}


@pytest.mark.parametrize("scope", Scope)
def test_scopes_of_a_sign_out(scope: Scope) -> None:
    assert LogoutSchema().load({"scope": scope.value}) == {"scope": scope}


def test_a_sign_out_is_local_unless_said_otherwise() -> None:
    assert LogoutSchema().load({}) == {"scope": Scope.LOCAL}


@pytest.mark.parametrize("scope", ["LOCAL", "all", "", None, 1])
def test_unknown_scopes_are_refused(scope: Any) -> None:
    assert errors(LogoutSchema(), {"scope": scope}) == {"scope"}
