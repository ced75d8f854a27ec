"""Confirmation of an e-mail: what is asked, and what is answered."""

from typing import ClassVar

from marshmallow import Schema, fields

from contactsvc.schemas.base import FORM, JSON, BodySchema, StrictSchema
from contactsvc.schemas.fields import Email, Text


class EmailSchema(BodySchema):
    """An e-mail that may have an account."""

    email = Email(required=True, metadata={"example": "grace@example.com"})


class TokenPathSchema(StrictSchema):
    """The token of a mailed link."""

    token = Text(required=True, max_length=200, metadata={"example": "q7Yk2v..."})


class NothingSchema(BodySchema):
    """No body, or an empty one: the button of a page sends an empty form."""

    media_types: ClassVar[tuple[str, ...]] = (JSON, FORM)


class ConfirmedAnswer(Schema):
    """The e-mail is confirmed, now or before."""

    status = fields.String(required=True, metadata={"example": "confirmed"})
