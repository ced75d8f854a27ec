"""Contacts in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.schemas.bodies import ContactSchema
from contactsvc.web.paging import next_page_cursor


class ContactAnswer(ContactSchema):
    """A contact in answers: all that clients may send, and what only the service sets."""


class ContactPageAnswer(Schema):
    """A page of contacts."""

    items = fields.List(fields.Nested(ContactAnswer), required=True)
    next_cursor = next_page_cursor()
    total = fields.Integer(metadata={"description": "With include_total alone", "example": 1})
