"""The signed-in user."""

from marshmallow import Schema, fields, validate

from contactsvc.accounts.users.model import Role
from contactsvc.web.fields import Email, Id, PlainText, Region, password_field
from contactsvc.web.schemas import BodySchema, StrictSchema

NAME_MAX_LENGTH = 100


class UserAnswer(Schema):
    """A user in answers."""

    id = fields.Integer(required=True, metadata={"example": 42, "format": "int64"})
    email = fields.Email(required=True, metadata={"example": "grace@example.com"})
    name = fields.String(required=True, metadata={"example": "Grace Hopper"})
    role = fields.String(
        required=True,
        validate=validate.OneOf([role.value for role in Role]),
        metadata={"example": "user"},
    )
    confirmed = fields.Boolean(required=True, metadata={"example": True})
    is_active = fields.Boolean(required=True, metadata={"example": True})
    avatar_url = fields.String(
        required=True,
        metadata={
            "example": "https://contacts.example.com/api/avatars/initials/GH-18.svg",
            "format": "uri",
        },
    )
    region = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "example": "GB",
            "description": "ISO 3166-1 alpha-2: where telephone numbers without a country are "
            "dialled; null is DEFAULT_REGION",
        },
    )
    created_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"}
    )


class UserPatchSchema(BodySchema):
    """What users may change of themselves."""

    name = PlainText(max_length=NAME_MAX_LENGTH, metadata={"example": "Grace Hopper"})
    region = Region(
        allow_none=True, metadata={"example": "GB", "description": "ISO 3166-1 alpha-2, or null"}
    )


class PasswordChangeSchema(BodySchema):
    """The current password and the new one."""

    current_password = password_field()
    new_password = password_field()


class EmailChangeSchema(BodySchema):
    """The new e-mail, and the password to prove that it is oneself who asks."""

    email = Email(required=True, metadata={"example": "admiral@example.com"})
    password = password_field()


class DeletionSchema(BodySchema):
    """The password, to prove that it is oneself who asks."""

    password = password_field()


class UserPathSchema(StrictSchema):
    """Which user."""

    user_id = Id(required=True, data_key="id", metadata={"example": 42})
