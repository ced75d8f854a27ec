"""Registration, and the confirmation of its e-mail."""

from typing import Any, ClassVar

from marshmallow import Schema, fields

from contactsvc.accounts.users.schemas import NAME_MAX_LENGTH
from contactsvc.web.fields import Email, PlainText, password_field
from contactsvc.web.schemas import FORM, JSON, BodySchema, StrictSchema


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


class EmailSchema(BodySchema):
    """An e-mail that may have an account."""

    email = Email(required=True, metadata={"example": "grace@example.com"})


class _Token(fields.String):
    """A token as it stands in a link; mail programs may leave white space around it."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> str:
        return super()._deserialize(*args, **kwargs).strip()


class TokenPathSchema(StrictSchema):
    """The token of a mailed link. Whatever is no token is answered as one that is unknown."""

    token = _Token(required=True, metadata={"example": "q7Yk2v..."})


class MailedEmailSchema(EmailSchema):
    """An e-mail, as JSON or from the form of a page."""

    media_types: ClassVar[tuple[str, ...]] = (JSON, FORM)


class ConfirmationSchema(BodySchema):
    """The password that was chosen with the e-mail. A form must have it, JSON may leave it out."""

    media_types: ClassVar[tuple[str, ...]] = (JSON, FORM)

    password = password_field(required=False)


class ConfirmedAnswer(Schema):
    """The e-mail is confirmed, now or before."""

    status = fields.String(required=True, metadata={"example": "confirmed"})
