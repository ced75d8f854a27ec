"""Deleted contacts in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.web.paging import next_page_cursor


class DeletedContactAnswer(ContactAnswer):
    """A contact in the trash; its photo is not shown until it is restored."""

    photo_url = fields.String(
        required=True, allow_none=True, metadata={"example": None, "description": "Always null"}
    )
    deleted_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-02-28T12:00:00.000000Z"}
    )


class TrashPageAnswer(Schema):
    """A page of the trash, the last deleted first."""

    items = fields.List(fields.Nested(DeletedContactAnswer), required=True)
    next_cursor = next_page_cursor()
