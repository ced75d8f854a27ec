"""Sign-up, sign-in and sign-out."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from contactsvc.accounts.sessions.service import Scope
from contactsvc.accounts.users.schemas import NAME_MAX_LENGTH
from contactsvc.web.fields import Email, PlainText, Text, password_field
from contactsvc.web.schemas import FORM, JSON, BodySchema

TOKEN_MAX_LENGTH = 4096


class RegisterSchema(BodySchema):
    """A new account."""

    email = Email(required=True, metadata={"example": "grace@example.com"})
    password = password_field()
    name = PlainText(
        load_default="", max_length=NAME_MAX_LENGTH, metadata={"example": "Grace Hopper"}
    )


class RegisterAnswer(Schema):
    """The account that was asked for, whether or not it is new."""

    email = fields.Email(required=True, metadata={"example": "grace@example.com"})
    name = fields.String(required=True, metadata={"example": "Grace Hopper"})
    confirmed = fields.Boolean(required=True, metadata={"example": False})


class PasswordGrantSchema(Schema):
    """The form of OAuth 2.0's password grant (RFC 6749, section 4.3.2)."""

    grant_type = fields.String(metadata={"example": "password"})
    username = fields.String(required=True, metadata={"example": "grace@example.com"})
    password = fields.String(required=True, metadata={"example": "correct horse battery staple"})
    scope = fields.String(metadata={"example": ""})
    client_id = fields.String(metadata={"example": ""})
    client_secret = fields.String(metadata={"example": ""})


class LoginSchema(BodySchema):
    """E-mail and password."""

    media_types: ClassVar[tuple[str, ...]] = (JSON, FORM)
    form_schema = PasswordGrantSchema

    # Any text: what is no e-mail has no account, and is told so in the same words.
    email = Text(required=True, max_length=254, metadata={"example": "grace@example.com"})
    password = password_field()

    def from_form(self, form: dict[str, str]) -> dict[str, Any]:
        """Return the password grant as e-mail and password; the rest says nothing here."""
        known = set(PasswordGrantSchema().fields)
        data = {name: value for name, value in form.items() if name not in known}
        if "username" in form:
            data["email"] = form["username"]
        if "password" in form:
            data["password"] = form["password"]
        return data


class RefreshSchema(BodySchema):
    """The refresh token of the last answer."""

    refresh_token = Text(
        required=True, max_length=TOKEN_MAX_LENGTH, metadata={"example": "eyJhbGciOi..."}
    )


class LogoutSchema(BodySchema):
    """Which sessions to end."""

    scope = fields.Enum(
        Scope, by_value=True, load_default=Scope.LOCAL, metadata={"example": "local"}
    )


class TokensAnswer(Schema):
    """An access token (RFC 6750) and the refresh token that buys the next one."""

    access_token = fields.String(required=True, metadata={"example": "eyJhbGciOi..."})
    refresh_token = fields.String(required=True, metadata={"example": "eyJhbGciOi..."})
    token_type = fields.String(
        required=True, validate=validate.OneOf(["bearer"]), metadata={"example": "bearer"}
    )
    expires_in = fields.Integer(required=True, metadata={"example": 900, "description": "Seconds"})
