"""The path of an operation, and operations in answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.operations.model import OperationKind
from contactsvc.contacts.operations.service import NAMED
from contactsvc.web.fields import Id
from contactsvc.web.paging import next_page_cursor
from contactsvc.web.schemas import StrictSchema


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


class OperationPathSchema(StrictSchema):
    """The path of one operation."""

    operation_id = Id(required=True, data_key="id", metadata={"example": 3})


class KeptAnswer(Schema):
    """A contact that was left as it is."""

    id = fields.Integer(required=True, metadata={"example": 7, "format": "int64"})
    display_name = fields.String(
        required=True,
        metadata={"example": "Ada Lovelace", "description": "Empty if it was deleted for good"},
    )
    detail = fields.String(required=True, metadata={"example": "It has been changed since."})


class UndoneAnswer(Schema):
    """What undoing an operation has done."""

    restored = fields.Integer(
        required=True,
        metadata={"example": 1, "description": "Contacts that are as they were before"},
    )
    kept = fields.List(
        fields.Nested(KeptAnswer),
        required=True,
        metadata={"description": f"The first {NAMED} of those that were left as they are"},
    )
    kept_count = fields.Integer(
        required=True, metadata={"example": 1, "description": "All of these"}
    )
