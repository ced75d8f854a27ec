"""Sign-in, renewal and sign-out, and the list of the user's sessions."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, validate

from contactsvc.accounts.sessions.service import Scope
from contactsvc.web.fields import Id, Text, password_field
from contactsvc.web.schemas import FORM, JSON, BodySchema, StrictSchema

TOKEN_MAX_LENGTH = 4096


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


class SessionAnswer(Schema):
    """A sign-in that has not ended."""

    id = fields.Integer(required=True, metadata={"example": 7, "format": "int64"})
    user_agent = fields.String(
        required=True,
        metadata={"example": "curl/8.14.1", "description": "What the client called itself"},
    )
    ip = fields.String(
        required=True, metadata={"example": "192.0.2.1", "description": "Where it signed in from"}
    )
    created_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"}
    )
    last_used_at = fields.AwareDateTime(
        required=True,
        metadata={
            "example": "2026-01-31T12:15:00.000000Z",
            "description": "When its tokens were renewed last",
        },
    )
    current = fields.Boolean(
        required=True, metadata={"example": True, "description": "Whether this call belongs to it"}
    )


class SessionsAnswer(Schema):
    """All sign-ins that have not ended, the last used one first."""

    items = fields.List(fields.Nested(SessionAnswer), required=True)


class SessionPathSchema(StrictSchema):
    """Which session."""

    session_id = Id(required=True, data_key="id", metadata={"example": 7})
