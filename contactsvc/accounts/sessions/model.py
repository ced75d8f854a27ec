"""Sessions, each of one sign-in, until they expire or are ended."""

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class Session(Model):
    """One sign-in on one device.

    The primary key in the database is ``(user_id, id)``. Tortoise has no composite keys, so only
    the migration declares it, and every query for one session must filter by the user.
    """

    id = fields.BigIntField(primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="sessions", on_delete=fields.CASCADE
    )
    counter = fields.IntField(default=0, description="Number of the refresh token now good")
    user_agent = fields.CharField(max_length=255, default="")
    ip = fields.CharField(max_length=45, default="")
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        """How the table is called."""

        table = "sessions"
