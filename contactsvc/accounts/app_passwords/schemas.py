"""App passwords of the signed-in user."""

from marshmallow import Schema, fields, validate

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.web.fields import Id, PlainText
from contactsvc.web.schemas import BodySchema, StrictSchema
from contactsvc.web.timestamps import Timestamp

_MOMENT = "2026-01-31T12:00:00.000000Z"
_SCOPES = [scope.value for scope in AppPasswordScope]


class NewAppPasswordSchema(BodySchema):
    """What an app password is for."""

    name = PlainText(
        required=True,
        min_length=1,
        max_length=100,
        metadata={"example": "My phone", "description": "To tell it from the others"},
    )
    scope = fields.Enum(
        AppPasswordScope,
        by_value=True,
        load_default=AppPasswordScope.WRITE,
        metadata={"example": "write", "description": "`read` refuses every change"},
    )
    expires_at = Timestamp(
        allow_none=True,
        load_default=None,
        metadata={
            "example": "2099-01-31T12:00:00Z",
            "description": "A time in the future; null or missing is never",
        },
    )


class AppPasswordAnswer(Schema):
    """An app password, of which the password itself is told only once."""

    id = fields.Integer(required=True, metadata={"example": 7, "format": "int64"})
    name = fields.String(required=True, metadata={"example": "My phone"})
    scope = fields.String(
        required=True, validate=validate.OneOf(_SCOPES), metadata={"example": "write"}
    )
    created_at = fields.AwareDateTime(required=True, metadata={"example": _MOMENT})
    last_used_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"example": _MOMENT, "description": "To within ten minutes; null is not yet"},
    )
    expires_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"example": "2099-01-31T12:00:00.000000Z", "description": "Null is never"},
    )


class NewAppPasswordAnswer(AppPasswordAnswer):
    """A new app password, with the password."""

    password = fields.String(
        required=True,
        metadata={
            "example": "1a-7hq2-mx4k-9c0r-5tzw-8b3n-e6dp-j2k4",
            "description": "Shown this once; spaces, dashes and case do not count",
        },
    )


class AppPasswordsAnswer(Schema):
    """All app passwords that have not expired, the newest first."""

    items = fields.List(fields.Nested(AppPasswordAnswer), required=True)


class AppPasswordPathSchema(StrictSchema):
    """Which app password."""

    password_id = Id(required=True, data_key="id", metadata={"example": 7})
