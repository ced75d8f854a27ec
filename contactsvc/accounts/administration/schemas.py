"""Administration: what is listed, and what may be changed."""

from marshmallow import Schema, fields

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.schemas import UserAnswer
from contactsvc.mail.model import MailKind, MailStatus
from contactsvc.web.fields import Id, StrictBoolean, Text
from contactsvc.web.paging import PageQuerySchema, next_page_cursor
from contactsvc.web.schemas import BodySchema, StrictSchema
from contactsvc.web.timestamps import Timestamp


class UserQuerySchema(PageQuerySchema):
    """Which users to list."""

    q = Text(
        load_default="",
        max_length=200,
        metadata={"description": "Words that occur in the name or the e-mail"},
    )
    role = fields.Enum(Role, by_value=True, load_default=None)
    is_active = fields.Boolean(load_default=None)
    confirmed = fields.Boolean(load_default=None)


class UserPageAnswer(Schema):
    """A page of users, in the order of their ids."""

    items = fields.List(fields.Nested(UserAnswer), required=True)
    next_cursor = next_page_cursor()


class UserAdminPatchSchema(BodySchema):
    """What an administrator may change of others."""

    role = fields.Enum(Role, by_value=True, metadata={"example": "admin"})
    is_active = StrictBoolean(metadata={"example": True})


class AuditQuerySchema(PageQuerySchema):
    """Which events to list; all conditions must hold.

    A filter that came after 0.1.0 has no ``load_default``: cursors of lists without it stay good.
    """

    user_id = Id(load_default=None, metadata={"description": "To whom it happened"})
    actor_id = Id(metadata={"description": "Who did it"})
    event = fields.Enum(Event, by_value=True, load_default=None)
    since = Timestamp(
        metadata={
            "description": "The earliest time (RFC 3339), included",
            "example": "2026-01-31T12:00:00Z",
        }
    )
    until = Timestamp(
        metadata={
            "description": "The time (RFC 3339) before which it was; none is before an earlier "
            "`since`",
            "example": "2036-01-31T12:00:00Z",
        }
    )


class AuditEventAnswer(Schema):
    """Something that happened to an account."""

    id = fields.Integer(required=True, metadata={"example": 11, "format": "int64"})
    at = fields.AwareDateTime(required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"})
    event = fields.Enum(Event, by_value=True, required=True, metadata={"example": "authz_change"})
    actor_id = fields.Integer(required=True, allow_none=True, metadata={"example": 1})
    user_id = fields.Integer(required=True, allow_none=True, metadata={"example": 42})
    ip = fields.String(required=True, metadata={"example": "192.0.2.7"})
    request_id = fields.String(required=True, metadata={"example": "3f2a9c51d0b84e67"})
    data = fields.Dict(required=True, metadata={"example": {"role": "admin"}})


class AuditPageAnswer(Schema):
    """A page of the audit log, the newest first."""

    items = fields.List(fields.Nested(AuditEventAnswer), required=True)
    next_cursor = next_page_cursor()


class OutboxQuerySchema(PageQuerySchema):
    """Which mails to list."""

    status = fields.Enum(MailStatus, by_value=True, load_default=None)


class OutboxMailAnswer(Schema):
    """A mail; there is no text and no token to show."""

    id = fields.Integer(required=True, metadata={"example": 5, "format": "int64"})
    kind = fields.Enum(MailKind, by_value=True, required=True, metadata={"example": "registration"})
    recipient = fields.String(required=True, metadata={"example": "grace@example.com"})
    status = fields.Enum(MailStatus, by_value=True, required=True, metadata={"example": "dead"})
    attempts = fields.Integer(required=True, metadata={"example": 8})
    created_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"}
    )
    next_attempt_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:04:00.000000Z"}
    )
    finished_at = fields.AwareDateTime(
        required=True, allow_none=True, metadata={"example": "2026-02-01T12:00:00.000000Z"}
    )
    last_error = fields.String(required=True, metadata={"example": "550"})


class OutboxPageAnswer(Schema):
    """A page of the outbox, the newest first."""

    items = fields.List(fields.Nested(OutboxMailAnswer), required=True)
    next_cursor = next_page_cursor()


class MailPathSchema(StrictSchema):
    """Which mail."""

    mail_id = Id(required=True, data_key="id", metadata={"example": 5})
