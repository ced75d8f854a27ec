"""The table of earlier versions of contacts."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User
from contactsvc.contacts.model import ChangedBy
from contactsvc.platform.database.columns import open_enum_field


class ContactVersion(Model):
    """A contact as it was before a change.

    The primary key in the database is ``(owner_id, contact_id, version)``; see Contact. It is no
    reference to the contact, which may be in the trash.
    """

    contact_id = fields.BigIntField(primary_key=True, generated=False)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="contact_versions", on_delete=fields.CASCADE
    )
    version = fields.IntField()
    at = fields.DatetimeField(description="When the contact got these values")
    by = open_enum_field(ChangedBy, max_length=16, description="What wrote this version")
    replaced_at = fields.DatetimeField(description="When it was changed again")
    contact = fields.JSONField[dict[str, Any]](description="Its columns, but derived ones")

    class Meta:
        """The names of the table and its index."""

        table = "contact_versions"
        indexes = (("replaced_at",),)
