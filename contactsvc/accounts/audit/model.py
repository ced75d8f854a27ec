"""Events of the audit log."""

from enum import StrEnum
from typing import Literal, TypedDict

from tortoise import fields
from tortoise.models import Model

from contactsvc.platform.database.columns import open_enum_field


class Event(StrEnum):
    """Names of the OWASP Application Logging Vocabulary, as far as they fit."""

    LOGIN_SUCCESS = "authn_login_success"
    LOGIN_FAIL = "authn_login_fail"
    PASSWORD_CHANGE = "authn_password_change"  # noqa: S105 - an event, not a password
    PASSWORD_CHANGE_FAIL = "authn_password_change_fail"  # noqa: S105
    TOKEN_CREATED = "authn_token_created"  # noqa: S105
    TOKEN_REUSE = "authn_token_reuse"  # noqa: S105
    TOKEN_REVOKED = "authn_token_revoked"  # noqa: S105
    USER_CREATED = "user_created"
    USER_REGISTERED = "user_registered"
    USER_CONFIRMED = "user_confirmed"
    USER_UPDATED = "user_updated"
    USER_DELETED = "user_deleted"
    PRIVILEGE_CHANGE = "authz_change"
    SENSITIVE_READ = "sensitive_read"
    CONTACTS_IMPORTED = "contacts_imported"
    CONTACTS_MERGED = "contacts_merged"
    OPERATION_UNDONE = "operation_undone"


class AuditData(TypedDict, total=False):
    """Further data of an event; never a secret.

    Attributes:
        reason: The code of the error that was answered, or of the rule that caused the event.
        by: What caused the event, where that may be one of several things.
        asked: What was asked for and has yet to be confirmed by a link.
        purpose: The purpose of the link that was followed, a value of ``Purpose``; or
            ``birthday_feed``, whose secret URL was made or ended.
        role: The new role, a value of ``Role``.
        is_active: Whether the account is enabled from now on.
        session_id: The session that began, or whose refresh token was used twice.
        session_ids: The sessions that were ended.
        app_password_id: The app password that was made.
        app_password_ids: The app passwords that were revoked.
        scope: What may be done with the app password, a value of ``AppPasswordScope``.
        counter: The number of the refresh token that was used twice.
        expected: The number of the session's current refresh token.
        birthday_reminder: Whether birthdays are told by mail from now on.
        created: Contacts that were added.
        updated: Contacts that were changed.
        deleted: Contacts that were merged into another one.
        operation_id: The operation on contacts that was done or undone.
        restored: Contacts that are as they were before it.
        kept: Contacts that were left as they are.
    """

    reason: str
    by: Literal["reset", "retention", "link"]
    asked: Literal["email", "reset"]
    purpose: str
    role: str
    is_active: bool
    session_id: int
    session_ids: list[int]
    app_password_id: int
    app_password_ids: list[int]
    scope: str
    counter: int
    expected: int
    birthday_reminder: bool
    created: int
    updated: int
    deleted: int
    operation_id: int
    restored: int
    kept: int


class AuditEvent(Model):
    """One event. Triggers refuse to change one, and to remove one of the last 30 days.

    Older events are removed after AUDIT_TTL. The role that owns the table can drop the triggers:
    they protect against mistakes and injections, not against administrators of the database.

    Ids of users are no foreign keys, so that events outlive the account.
    """

    id = fields.BigIntField(primary_key=True)
    at = fields.DatetimeField()
    event = open_enum_field(Event, max_length=40, description="What happened")
    actor_id = fields.BigIntField(null=True, description="Who did it")
    user_id = fields.BigIntField(null=True, description="To whom")
    ip = fields.CharField(max_length=45, default="")
    request_id = fields.CharField(max_length=128, default="")
    data = fields.JSONField[AuditData](default=dict)

    class Meta:
        """How the table and its indexes are called."""

        table = "audit_events"
        indexes = (("user_id", "id"), ("event", "id"), ("actor_id", "id"), ("at", "id"))
