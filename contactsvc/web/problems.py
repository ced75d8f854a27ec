"""The error codes with their HTTP statuses, and the schema of problem details (RFC 9457)."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from marshmallow import Schema, fields

from contactsvc.web.health.schemas import ChecksAnswer

MEDIA_TYPE: Final = "application/problem+json"


class Problem(NamedTuple):
    """The HTTP status and title of an error code."""

    status: int
    title: str


PROBLEMS: Final[Mapping[str, Problem]] = {
    "malformed_body": Problem(400, "The body cannot be read"),
    "invalid_token": Problem(400, "Link not valid"),
    "unauthenticated": Problem(401, "Sign in first"),
    "invalid_credentials": Problem(401, "Wrong e-mail or password"),
    "email_not_confirmed": Problem(403, "E-mail not confirmed"),
    "account_disabled": Problem(403, "Account disabled"),
    "forbidden": Problem(403, "Not allowed"),
    "not_found": Problem(404, "Not found"),
    "method_not_allowed": Problem(405, "Method not allowed"),
    "not_acceptable": Problem(406, "No acceptable form"),
    "email_taken": Problem(409, "E-mail taken"),
    "last_admin": Problem(409, "Last administrator"),
    "conflict": Problem(409, "Conflict"),
    "quota_exceeded": Problem(409, "Too many contacts"),
    "cursor_expired": Problem(410, "Cursor expired"),
    "precondition_failed": Problem(412, "Changed meanwhile"),
    "payload_too_large": Problem(413, "Body too large"),
    "unsupported_media_type": Problem(415, "Unsupported media type"),
    "validation_failed": Problem(422, "Some values do not fit"),
    "idempotency_key_reused": Problem(422, "Key used before"),
    "rate_limited": Problem(429, "Too many tries"),
    "headers_too_large": Problem(431, "Headers too large"),
    "internal_error": Problem(500, "Internal error"),
    "unavailable": Problem(503, "Temporarily unavailable"),
}
"""Every error code of the service."""


class FieldErrorAnswer(Schema):
    """A value that was refused, by its RFC 6901 pointer."""

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
    results = fields.List(
        fields.Dict(),
        metadata={"description": "With a batch's 409: what would have become of each operation"},
    )
