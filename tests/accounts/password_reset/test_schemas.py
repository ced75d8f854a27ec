"""How a new password is given."""

import pytest

from contactsvc.accounts.password_reset.schemas import NewPasswordSchema
from contactsvc.web.schemas import FORM, JSON
from tests.support.schemas import errors


@pytest.mark.parametrize("password", ["", "  correct horse  ", "x" * 200])
def test_a_password_is_taken_as_it_is(password: str) -> None:
    """The policy judges it; a schema that trimmed it would set another one."""
    assert NewPasswordSchema().load({"password": password}) == {"password": password}


@pytest.mark.parametrize(
    ("body", "refused"),
    [
        ({}, {"password"}),
        ({"password": None}, {"password"}),
        ({"password": "x" * 201}, {"password"}),
        ({"password": "\0"}, {"password"}),
        ({"password": "x", "email": "x@example.com"}, {"email"}),
    ],
)
def test_what_is_refused_is_named(body: dict[str, object], refused: set[str]) -> None:
    assert errors(NewPasswordSchema(), body) == refused


def test_a_page_sends_it_as_a_form() -> None:
    schema = NewPasswordSchema()
    assert set(schema.media_types) == {JSON, FORM}
    assert schema.load(schema.from_form({"password": " x "})) == {"password": " x "}
