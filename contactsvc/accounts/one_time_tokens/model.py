"""Tokens of mailed links, each of which works once."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class Purpose(StrEnum):
    """What a link is for; it is refused for anything else."""

    CONFIRM_EMAIL = "confirm_email"
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a purpose, not a password
    CHANGE_EMAIL = "change_email"


class OneTimeToken(Model):
    """A token, of which the database has only the SHA-256."""

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="one_time_tokens", on_delete=fields.CASCADE
    )
    user_id: int
    purpose = fields.CharEnumField(Purpose, max_length=16, description="What the link is for")
    digest = fields.CharField(max_length=64, unique=True, description="SHA-256 in hex")
    email = fields.CharField(max_length=254, description="Where it was sent")
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        """How the table and its indexes are called."""

        table = "one_time_tokens"
        indexes = (("user_id", "purpose"), ("expires_at",))
