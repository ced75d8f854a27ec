"""The one envelope of all errors."""

from marshmallow import Schema, fields

from contactsvc.schemas.health import ChecksAnswer


class FieldErrorAnswer(Schema):
    """A value that does not fit."""

    pointer = fields.String(required=True, metadata={"example": "/birthday"})
    detail = fields.String(required=True, metadata={"example": "Not a valid date."})


class ProblemAnswer(Schema):
    """Problem details (RFC 9457)."""

    type = fields.String(
        required=True, metadata={"example": "urn:contactsvc:problem:validation_failed"}
    )
    title = fields.String(required=True, metadata={"example": "Some values do not fit"})
    status = fields.Integer(required=True, metadata={"example": 422})
    detail = fields.String(
        required=True, metadata={"example": "Some values do not fit; each is named in errors."}
    )
    code = fields.String(required=True, metadata={"example": "validation_failed"})
    request_id = fields.String(required=True, metadata={"example": "3f2a9c51d0b84e67"})
    errors = fields.List(
        fields.Nested(FieldErrorAnswer), metadata={"description": "With validation_failed"}
    )
    checks = fields.Nested(ChecksAnswer, metadata={"description": "With healthchecker's 503"})
