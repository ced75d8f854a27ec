"""The path of an earlier version, and versions in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.contacts.schemas.queries import ContactPathSchema
from contactsvc.web.fields import Id
from contactsvc.web.paging import next_page_cursor


def _version() -> dict[str, object]:
    return {"example": 3, "description": "Its number, the ETag that it had"}


class VersionPathSchema(ContactPathSchema):
    """The path of one earlier version of a contact."""

    version = Id(required=True, metadata=_version())


class VersionAnswer(Schema):
    """A contact as it was before a change."""

    version = fields.Integer(required=True, metadata=_version())
    at = fields.AwareDateTime(
        required=True,
        metadata={
            "example": "2026-01-31T12:00:00.000000Z",
            "description": "When the contact got these values",
        },
    )
    by = fields.String(
        required=True,
        metadata={
            "example": "api",
            "description": f"What wrote them: {', '.join(ChangedBy)}",
        },
    )
    contact = fields.Nested(
        ContactAnswer,
        required=True,
        metadata={"description": "Its values; photo_url is the present one's"},
    )


class VersionPageAnswer(Schema):
    """A page of earlier versions, the newest first."""

    items = fields.List(fields.Nested(VersionAnswer), required=True)
    next_cursor = next_page_cursor()
