"""Invalidations that Redis has not taken."""

from tortoise import fields
from tortoise.models import Model


class PendingInvalidation(Model):
    """An invalidation that Redis has not taken, so that copies of its user are not used.

    Written in the transaction of the change. ``user_id`` is no foreign key, as the change may be
    the deletion of the user.
    """

    id = fields.BigIntField(primary_key=True)
    user_id = fields.BigIntField()
    version = fields.IntField(null=True, description="Copies below are no good; null: a session")
    session_id = fields.BigIntField(null=True, description="Has ended; null: the user has changed")
    expires_at = fields.DatetimeField(description="Redis holds nothing that old any more")

    class Meta:
        """How the table is called."""

        table = "pending_invalidations"
