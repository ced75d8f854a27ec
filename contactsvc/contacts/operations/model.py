"""The table of operations."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User
from contactsvc.platform.database.columns import open_enum_field


class OperationKind(StrEnum):
    """What was done to many contacts at once."""

    IMPORT = "import"
    MERGE = "merge"
    BATCH = "batch"


class ContactOperation(Model):
    """A change of many contacts of an owner in one transaction, with all that undoing it needs.

    The contact ``contact_ids[n]`` had the version ``versions_before[n]``, which is 0 where the
    operation has added it, and has got ``versions_after[n]``, which is 0 where it has deleted it.
    One that has another version now was changed since; the values before are in contact_versions.

    What a merge hands over besides is in ``handed_over``; see HandedOver in repository.py.

    The primary key in the database is ``(owner_id, id)``; see Contact.
    """

    id = fields.BigIntField(primary_key=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="contact_operations", on_delete=fields.CASCADE
    )
    kind = open_enum_field(OperationKind, max_length=16, description="What was done")
    at = fields.DatetimeField()
    contacts = fields.IntField(description="How many it has changed")
    contact_ids = ArrayField("bigint")
    versions_before = ArrayField("int", description="0 where it has added the contact")
    versions_after = ArrayField("int", description="0 where it has deleted the contact")
    handed_over = fields.JSONField[dict[str, Any]](
        null=True, description="The groups, and the me card, that a merge has changed"
    )
    undone_at = fields.DatetimeField(null=True)

    class Meta:
        """The names of the table and its index."""

        table = "contact_operations"
        indexes = (Index(fields=("at",), name="idx_contact_operations_by_time"),)
