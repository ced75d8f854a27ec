"""What happened to accounts, for those who must find out later."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model


class Event(StrEnum):
    """Names of the OWASP Application Logging Vocabulary, as far as they fit."""

    LOGIN_SUCCESS = "authn_login_success"
    LOGIN_FAIL = "authn_login_fail"
    PASSWORD_CHANGE = "authn_password_change"  # noqa: S105 - an event, not a password
    PASSWORD_CHANGE_FAIL = "authn_password_change_fail"  # noqa: S105
    TOKEN_REUSE = "authn_token_reuse"  # noqa: S105
    TOKEN_REVOKED = "authn_token_revoked"  # noqa: S105
    USER_CREATED = "user_created"
    USER_REGISTERED = "user_registered"
    USER_CONFIRMED = "user_confirmed"
    USER_UPDATED = "user_updated"
    USER_DELETED = "user_deleted"
    PRIVILEGE_CHANGE = "authz_change"


class AuditEvent(Model):
    """One event. Triggers refuse to change one, and to remove one of the last 30 days.

    What is older goes when AUDIT_TTL says so. A role that owns the table can take triggers away:
    they are against mistakes and injections, not against whoever administers the database.

    Users are named by id and not referred to, so that the record outlives the account.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    event = fields.CharEnumField(Event, max_length=40, description="What happened")
    actor_id = fields.BigIntField(null=True, description="Who did it")
    user_id = fields.BigIntField(null=True, description="To whom")
    ip = fields.CharField(max_length=45, default="")
    request_id = fields.CharField(max_length=128, default="")
    data = fields.JSONField[dict[str, Any]](default=dict)

    class Meta:
        """How the table and its indexes are called."""

        table = "audit_events"
        indexes = (("user_id", "id"), ("event", "id"))
