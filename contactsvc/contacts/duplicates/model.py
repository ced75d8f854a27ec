"""The table of dismissed duplicates."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class DismissedDuplicate(Model):
    """A pair of contacts that look like one and that their owner tells apart.

    Either may be in the trash. The primary key in the database is ``(owner_id, low_id, high_id)``;
    see Contact.
    """

    low_id = fields.BigIntField(primary_key=True, generated=False)
    high_id = fields.BigIntField()
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="dismissed_duplicates", on_delete=fields.CASCADE
    )

    class Meta:
        """The names of the table and its index."""

        table = "dismissed_duplicates"
        indexes = (Index(fields=("owner_id", "high_id"), name="idx_dismissed_duplicates_by_high"),)
