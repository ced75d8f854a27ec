"""The answers of the health and liveness checks."""

from marshmallow import Schema, fields, validate


class ChecksAnswer(Schema):
    """The state of each part: ok, or what is wrong."""

    database = fields.String(required=True, metadata={"example": "ok"})
    migrations = fields.String(required=True, metadata={"example": "ok"})
    cache = fields.String(required=True, metadata={"example": "ok"})
    mail = fields.String(required=True, metadata={"example": "ok"})


class HealthAnswer(Schema):
    """The state of the service."""

    status = fields.String(
        required=True, validate=validate.OneOf(["ok", "degraded"]), metadata={"example": "ok"}
    )
    version = fields.String(required=True, metadata={"example": "0.1.0"})
    checks = fields.Nested(ChecksAnswer, required=True)


class LiveAnswer(Schema):
    """The answer of the liveness check."""

    status = fields.String(required=True, metadata={"example": "ok"})
