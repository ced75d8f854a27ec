"""The table of idempotency keys."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class IdempotencyKey(Model):
    """A key that a user has sent with a request, and the answer once there is one.

    The primary key in the database is ``(owner_id, id)``; see Session. ``expires_at`` ends the
    lease of a request that is under way, and later the time for which its answer is kept.
    """

    id = fields.CharField(max_length=64, primary_key=True, description="SHA-256 of the key in hex")
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="idempotency_keys", on_delete=fields.CASCADE
    )
    request = fields.CharField(max_length=64, description="SHA-256 of what was asked, in hex")
    claim = fields.CharField(max_length=32, description="Random: who works on it")
    expires_at = fields.DatetimeField()
    status = fields.SmallIntField(null=True, description="Of the answer; NULL is under way")
    headers: fields.JSONField[dict[str, str]] = fields.JSONField(null=True)
    body = fields.BinaryField(null=True)

    class Meta:
        """The names of the table and its index."""

        table = "idempotency_keys"
        indexes = (Index(fields=("expires_at",), name="idx_idempotency_keys_by_time"),)
