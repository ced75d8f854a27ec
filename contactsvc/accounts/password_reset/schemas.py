"""Reset of a forgotten password by a mailed link."""

from typing import ClassVar

from marshmallow import Schema, fields

from contactsvc.web.fields import password_field
from contactsvc.web.schemas import FORM, JSON, BodySchema


class NewPasswordSchema(BodySchema):
    """The new password, as JSON or from the form of the page."""

    media_types: ClassVar[tuple[str, ...]] = (JSON, FORM)

    password = password_field()


class ValidLinkAnswer(Schema):
    """The link works."""

    status = fields.String(required=True, metadata={"example": "valid"})
    expires_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T13:00:00.000000Z"}
    )


class PasswordUpdatedAnswer(Schema):
    """The new password counts."""

    status = fields.String(required=True, metadata={"example": "password_updated"})
