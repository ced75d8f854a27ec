"""The path of an operation, and operations in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.operations.model import OperationKind
from contactsvc.web.paging import next_page_cursor


class OperationAnswer(Schema):
    """A change of many contacts that was made as one."""

    id = fields.Integer(required=True, metadata={"example": 3, "format": "int64"})
    kind = fields.String(
        required=True,
        metadata={"example": "import", "description": f"One of {', '.join(OperationKind)}"},
    )
    at = fields.AwareDateTime(required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"})
    contacts = fields.Integer(
        required=True,
        metadata={"example": 2, "description": "How many it has added, changed or deleted"},
    )
    undone_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"example": None, "description": "Null where it was not undone"},
    )


class OperationPageAnswer(Schema):
    """A page of operations, the newest first."""

    items = fields.List(fields.Nested(OperationAnswer), required=True)
    next_cursor = next_page_cursor()
