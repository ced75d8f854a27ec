"""The query of changes, and changes in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.web.paging import PageQuerySchema, page_limit

MAX_LIMIT = 1000
"""The most changes on a page."""


class ChangesQuerySchema(PageQuerySchema):
    """The page of changes."""

    limit = page_limit(200, most=MAX_LIMIT)


class ChangeAnswer(Schema):
    """A contact that was added or changed, or one that was deleted."""

    id = fields.Integer(required=True, metadata={"example": 7, "format": "int64"})
    contact = fields.Nested(
        ContactAnswer, metadata={"description": "As it is now; not of one that was deleted"}
    )
    uid = fields.String(
        metadata={
            "example": "5f0c1c9e-1815-4a00-9f00-000000000007",
            "description": "Of one that was deleted alone",
        }
    )
    deleted = fields.Boolean(metadata={"description": "true of one that was deleted, or not there"})


class ChangesAnswer(Schema):
    """A page of changes, the oldest first."""

    items = fields.List(fields.Nested(ChangeAnswer), required=True)
    next_cursor = fields.String(
        required=True,
        metadata={
            "description": "Brings what comes after: the next page, or later what has changed "
            "since then",
            "example": "Qm9vaw",
        },
    )
    has_more = fields.Boolean(
        required=True, metadata={"description": "Whether there is more now", "example": False}
    )
