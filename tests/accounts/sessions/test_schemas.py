"""Bodies of sign-in, renewal and sign-out, and how a session is named and shown."""

from typing import Any

import pytest

from contactsvc.accounts.registration.schemas import RegisterSchema
from contactsvc.accounts.sessions.repository import ID_BITS, SessionRepository
from contactsvc.accounts.sessions.schemas import (
    LoginSchema,
    LogoutSchema,
    RefreshSchema,
    SessionAnswer,
    SessionPathSchema,
)
from contactsvc.accounts.sessions.service import Scope
from contactsvc.platform.caller import Caller
from tests.support.schemas import errors

ACCOUNT = {"email": "grace@example.com", "password": "correct horse battery staple"}


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


def test_the_longest_id_names_a_session() -> None:
    longest = 2**ID_BITS - 1
    assert SessionPathSchema().load({"id": str(longest)}) == {"session_id": longest}


@pytest.mark.parametrize("path", [{"id": "0"}, {"id": "-1"}, {"id": "current"}, {}])
def test_what_names_no_session_is_refused(path: dict[str, str]) -> None:
    assert errors(SessionPathSchema(), path) == {"id"}


async def test_what_is_shown_is_what_is_listed_and_whether_it_is_this_one(owner: int) -> None:
    async def ignore(user_id: int, session_ids: list[int]) -> None:
        raise AssertionError("No session ends here.")

    sessions = SessionRepository(3600, ignore, 3600)
    await sessions.begin(owner, 1, Caller())
    [listed] = (await sessions.page(owner)).rows
    assert set(SessionAnswer().fields) == listed.keys() | {"current"}
