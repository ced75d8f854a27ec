"""The signed-in user's sessions."""

from marshmallow import Schema, fields

from contactsvc.web.fields import Id
from contactsvc.web.schemas import StrictSchema


class SessionAnswer(Schema):
    """A sign-in that has not ended."""

    id = fields.Integer(required=True, metadata={"example": 7, "format": "int64"})
    user_agent = fields.String(
        required=True,
        metadata={"example": "curl/8.14.1", "description": "What the client called itself"},
    )
    ip = fields.String(
        required=True, metadata={"example": "192.0.2.1", "description": "Where it signed in from"}
    )
    created_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"}
    )
    last_used_at = fields.AwareDateTime(
        required=True,
        metadata={
            "example": "2026-01-31T12:15:00.000000Z",
            "description": "When its tokens were renewed last",
        },
    )
    current = fields.Boolean(
        required=True, metadata={"example": True, "description": "Whether this call belongs to it"}
    )


class SessionsAnswer(Schema):
    """All sign-ins that have not ended, the last used one first."""

    items = fields.List(fields.Nested(SessionAnswer), required=True)


class SessionPathSchema(StrictSchema):
    """Which session."""

    session_id = Id(required=True, data_key="id", metadata={"example": 7})
