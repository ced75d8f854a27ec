"""The table of deleted contacts."""

from typing import Any

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class DeletedContact(Model):
    """A contact that was deleted, and after TRASH_TTL the mere fact.

    The primary key in the database is ``(owner_id, id)``; see Contact.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="deleted_contacts", on_delete=fields.CASCADE
    )
    uid = fields.CharField(max_length=200)
    card_name = fields.CharField(
        max_length=200, null=True, description="In CardDAV; NULL is as its uid says"
    )
    seq = fields.BigIntField(description="The book's count of changes at the deletion")
    deleted_at = fields.DatetimeField()
    contact = fields.JSONField[dict[str, Any]](
        null=True, description="Its columns, but derived ones; NULL once it is gone for good"
    )

    class Meta:
        """The names of the table and its indexes."""

        table = "deleted_contacts"
        indexes = (
            Index(fields=("owner_id", "seq", "id"), name="idx_deleted_contacts_by_seq"),
            Index(fields=("deleted_at",), name="idx_deleted_contacts_by_time"),
            # Partial: those that can be restored; see the migration.
            Index(fields=("owner_id", "deleted_at", "id"), name="idx_deleted_contacts_trash"),
        )
