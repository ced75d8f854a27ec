"""App passwords, until they expire or are revoked."""

from enum import StrEnum

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class AppPasswordScope(StrEnum):
    """What may be done with an app password."""

    READ = "read"
    WRITE = "write"


class AppPassword(Model):
    """A password of one program, of which the database has only the SHA-256.

    The primary key in the database is ``(user_id, id)``; see Session. A row is never changed but in
    ``last_used_at``, and is deleted when the password is revoked.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="app_passwords", on_delete=fields.CASCADE
    )
    name = fields.CharField(max_length=100, description="What its user calls it")
    scope = fields.CharEnumField(AppPasswordScope, max_length=8, description="What it may do")
    digest = fields.CharField(max_length=64, description="SHA-256 in hex")
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)

    class Meta:
        """How the table and its indexes are called."""

        table = "app_passwords"
        unique_together = (("user", "digest"),)
        indexes = (Index(fields=("expires_at",), name="idx_app_passwords_by_expiry"),)
