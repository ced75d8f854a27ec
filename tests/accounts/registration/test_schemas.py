"""Bodies of a registration, and how its confirmation is asked for and given."""

from typing import Any

import pytest

from contactsvc.accounts.registration.schemas import (
    ConfirmationSchema,
    EmailSchema,
    RegisterSchema,
    TokenPathSchema,
)
from contactsvc.web.schemas import FORM, JSON
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


def test_an_e_mail_is_normalised() -> None:
    assert EmailSchema().load({"email": " Grace@EXAMPLE.com "}) == {"email": "Grace@example.com"}


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({}, {"email"}),
        ({"email": "grace"}, {"email"}),
        ({"email": "grace@example.com", "user_id": 7}, {"user_id"}),
    ],
)
def test_what_asks_for_no_mail_is_named(body: dict[str, object], refused: set[str]) -> None:
    assert errors(EmailSchema(), body) == refused


@pytest.mark.parametrize("token", ["x", "x" * 5000, "\0", "\ud800", "e\u0301"])
def test_whether_it_is_a_token_is_decided_by_who_knows_them(token: str) -> None:
    for written in (token, f" {token}\n"):
        assert TokenPathSchema().load({"token": written}) == {"token": token}


def test_a_password_comes_by_json_or_form_as_it_was_typed() -> None:
    schema = ConfirmationSchema()
    assert set(schema.media_types) == {JSON, FORM}
    assert schema.load(schema.from_form({"password": " x "})) == {"password": " x "}
    assert schema.load({}) == {}, "whether it is needed is decided later"


def test_what_is_no_confirmation_is_named() -> None:
    assert errors(ConfirmationSchema(), {"token": "x"}) == {"token"}
    for password in ("x" * 201, "\0", None, 1):
        assert errors(ConfirmationSchema(), {"password": password}) == {"password"}
