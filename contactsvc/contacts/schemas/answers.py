"""Contacts in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.schemas.bodies import ContactSchema


class ContactAnswer(ContactSchema):
    """A contact in answers: all that clients may send, and what only the service sets."""


class ContactPageAnswer(Schema):
    """A page of contacts."""

    items = fields.List(fields.Nested(ContactAnswer), required=True)
    next_cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Brings the next page; null on the last", "example": None},
    )
    total = fields.Integer(metadata={"description": "With include_total alone", "example": 1})
