"""Mail that is to be sent, has been sent, or could not be."""

from enum import StrEnum
from typing import TypedDict

from tortoise import fields
from tortoise.models import Model

from contactsvc.platform.database.columns import SearchKeyField, open_enum_field


class MailKind(StrEnum):
    """Why somebody gets mail. What is in it is decided when it is sent."""

    REGISTRATION = "registration"
    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind of mail, not a password
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    CHANGE_EMAIL = "change_email"
    EMAIL_CHANGE_NOTICE = "email_change_notice"
    APP_PASSWORD_CREATED = "app_password_created"  # noqa: S105
    BIRTHDAY_REMINDER = "birthday_reminder"


class MailParams(TypedDict, total=False):
    """What a mail must know beside its kind and recipient; never a token.

    Attributes:
        user_id: The account that it is about, where known. Deleting the account removes the mail.
        registration_id: The registration to be confirmed; earlier releases stored none.
        auth_version: The account's when it asked for another e-mail. If the account has a later one
            by now, the request is void.
        day: The day that it is about, as YYYY-MM-DD, where its recipient is.
    """

    user_id: int
    registration_id: int
    auth_version: int
    day: str


class MailStatus(StrEnum):
    """The state of a mail: waiting, sent, not needed any more, or given up."""

    PENDING = "pending"
    SENT = "sent"
    SKIPPED = "skipped"
    DEAD = "dead"


class OutboxMail(Model):
    """A mail that somebody asked for, without any token or text: those are made when it is sent.

    A worker claims a row by moving ``next_attempt_at`` to the end of its lease. If the worker dies,
    the lease expires and another worker claims the row.
    """

    id = fields.BigIntField(primary_key=True)
    kind = open_enum_field(MailKind, max_length=24, description="Why it is sent")
    recipient = fields.CharField(max_length=254)
    recipient_key = SearchKeyField(max_length=1024, null=True, description="As users.email_key")
    user_id = fields.BigIntField(null=True, description="Whose account it is about, where known")
    params = fields.JSONField[MailParams](default=dict)
    status = fields.CharEnumField(
        MailStatus, max_length=8, default=MailStatus.PENDING, description="Where it stands"
    )
    attempts = fields.IntField(default=0)
    created_at = fields.DatetimeField()
    next_attempt_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    last_error = fields.CharField(max_length=255, default="")

    class Meta:
        """How the table and its indexes are called."""

        table = "outbox"
        indexes = (
            ("status", "next_attempt_at"),
            ("status", "created_at"),
            ("recipient_key",),
            ("user_id",),
        )
