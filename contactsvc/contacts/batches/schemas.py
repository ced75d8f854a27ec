"""The body of a batch, and what it answers."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from contactsvc.contacts.batches.planning import Method, Step
from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.contacts.schemas.bodies import (
    ContactPatchSchema,
    ContactReplacementSchema,
    ContactSchema,
)
from contactsvc.platform.errors import ValidationFailed
from contactsvc.web.fields import MAX_ID, ShortList, StrictBoolean, Text
from contactsvc.web.pointers import field_errors
from contactsvc.web.preconditions import versions_matched
from contactsvc.web.problems import ProblemAnswer
from contactsvc.web.schemas import BodySchema

MAX_STEPS: Final = 200
"""Operations of a batch."""

_BODIES: Final[Mapping[str, BodySchema]] = {
    Method.CREATE: ContactSchema(),
    Method.UPDATE: ContactPatchSchema(),
    Method.REPLACE: ContactReplacementSchema(),
}
"""What the call for one contact takes, by the method of an operation."""

_MISSING: Final = "Missing data for required field."
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    Method.CREATE: ("contact",),
    Method.UPDATE: ("id", "contact"),
    Method.REPLACE: ("id", "contact"),
    Method.DELETE: ("id",),
}
_REFUSED: Final[Mapping[str, Mapping[str, str]]] = {
    Method.CREATE: {
        "id": "A new contact is given its id; leave it out.",
        "if_match": "A new contact has no version yet; leave it out.",
    },
    Method.DELETE: {"contact": "What is deleted has no fields; leave it out."},
}


class ContactOfStep(fields.Nested):
    """The contact of an operation, read as the call of its method reads it.

    The value is its fields, or ValidationFailed: what does not fit fails that operation alone.
    """

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, *_: Any, **__: Any
    ) -> Any:
        method = data["method"] if data and "method" in data else None
        schema = _BODIES.get(method) if isinstance(method, str) else None
        if schema is None:
            return {}  # the operation is refused for its method, or for having a contact
        try:
            return schema.load(value)
        except ValidationError as error:
            return ValidationFailed(field_errors(error))


class BatchOperationSchema(BodySchema):
    """One operation of a batch."""

    method = fields.String(
        required=True,
        validate=validate.OneOf([method.value for method in Method]),
        metadata={"example": "update", "description": "Those of POST, PATCH, PUT and DELETE"},
    )
    id = fields.Integer(
        strict=True,
        load_default=None,
        allow_none=True,
        validate=validate.Range(min=1, max=MAX_ID),
        metadata={"example": 7, "format": "int64", "description": "For all methods but create"},
    )
    if_match = Text(
        load_default=None,
        allow_none=True,
        max_length=1000,
        metadata={
            "example": '"3"',
            "description": "As the header If-Match: the ETag that the contact is to have",
        },
    )
    contact = ContactOfStep(
        ContactPatchSchema,
        load_default=None,
        allow_none=True,
        metadata={"description": "As the body of the method's own call; for all but delete"},
    )

    @validates_schema
    def _suits_its_method(self, data: Mapping[str, Any], **_: Any) -> None:
        method = data["method"]
        errors = {name: _MISSING for name in _NEEDED[method] if data[name] is None}
        refused = _REFUSED.get(method, {})
        errors |= {name: why for name, why in refused.items() if data[name] is not None}
        if errors:
            raise ValidationError(dict(errors))

    @post_load
    def _step(self, data: Mapping[str, Any], **_: Any) -> Step:
        contact_id, found = data["id"], data["contact"] or {}
        if isinstance(found, dict) and found.pop("id", contact_id) != contact_id:
            found = ValidationFailed.of("/id", "Not the id of the operation.")
        versions = versions_matched(data["if_match"]) if data["if_match"] is not None else None
        return Step(Method(data["method"]), found, contact_id, versions)


class BatchSchema(BodySchema):
    """Many changes of contacts."""

    operations = ShortList(
        fields.Nested(BatchOperationSchema),
        required=True,
        max_length=MAX_STEPS,
        metadata={"description": "Those of one contact are done in their order"},
    )
    atomic = StrictBoolean(
        load_default=True,
        metadata={
            "example": True,
            "description": "Whether nothing is done where one of them fails",
        },
    )


class BatchResultAnswer(Schema):
    """What has become of one operation."""

    status = fields.Integer(
        required=True,
        metadata={"example": 200, "description": "That of the method's own call"},
    )
    contact = fields.Nested(
        ContactAnswer, metadata={"description": "Where it was added, changed or found unchanged"}
    )
    problem = fields.Nested(
        ProblemAnswer,
        metadata={"description": "Where it has failed; pointers begin at the body of the batch"},
    )


class BatchAnswer(Schema):
    """What has become of a batch."""

    results = fields.List(
        fields.Nested(BatchResultAnswer),
        required=True,
        metadata={"description": "One for each operation, in the same order"},
    )
    operation_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "By which it can be undone; null where nothing was changed",
            "example": 3,
            "format": "int64",
        },
    )
