"""Changes of users and sessions that Redis could not be told of."""

from tortoise import fields
from tortoise.models import Model


class PendingInvalidation(Model):
    """What Redis must be told before anybody uses its copies of that user again.

    Written in the transaction of the change. It refers to no user, whose deletion it may tell of.
    """

    id = fields.BigIntField(primary_key=True)
    user_id = fields.BigIntField()
    version = fields.IntField(null=True, description="Copies below are no good; null: a session")
    session_id = fields.BigIntField(null=True, description="Has ended; null: the user has changed")
    expires_at = fields.DatetimeField(description="Redis holds nothing that old any more")

    class Meta:
        """How the table is called."""

        table = "pending_invalidations"
