"""The tables of what cards have beside contacts: their texts as they came, and groups."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class StoredCard(Model):
    """The vCard that a client has sent of a contact, as it came.

    It is what the contact says only while the contact has this version. The primary key in the
    database is ``(owner_id, contact_id)``, see Contact; the row goes with its contact.
    """

    contact_id = fields.BigIntField(primary_key=True, generated=False)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="stored_cards", on_delete=fields.CASCADE
    )
    version = fields.IntField(description="Of the contact")
    format = fields.CharField(max_length=3, description="The version of vCard: 3.0 or 4.0")
    text = fields.BinaryField()

    class Meta:
        """The name of the table."""

        table = "stored_cards"


class CardGroup(Model):
    """A card that names contacts as its members, and is none itself; once deleted, the mere fact.

    The primary key in the database is ``(owner_id, id)``; see Contact. Of cards that are there,
    ``name`` is unique for an owner, as the migration says.
    """

    id = fields.BigIntField(primary_key=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="card_groups", on_delete=fields.CASCADE
    )
    name = fields.CharField(max_length=200, description="In CardDAV")
    uid = fields.CharField(max_length=200)
    title = fields.CharField(max_length=50, default="", description="The tag of its members")
    members = ArrayField("text", default=list, description="Their uids, without urn:uuid:")
    version = fields.IntField(default=1, description="Counts the changes")
    seq = fields.BigIntField(description="The book's count of changes at the last one")
    format = fields.CharField(max_length=3, description="The version of vCard: 3.0 or 4.0")
    text = fields.BinaryField(description="The vCard as it came; empty once it is deleted")
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    deleted_at = fields.DatetimeField(null=True)

    class Meta:
        """The names of the table and its indexes."""

        table = "card_groups"
        indexes = (
            # Partial, as the migration says: what is there, and what is deleted.
            Index(fields=("owner_id", "seq", "id"), name="idx_card_groups_by_seq"),
            Index(fields=("owner_id", "seq", "id"), name="idx_card_groups_deleted"),
            Index(fields=("deleted_at",), name="idx_card_groups_by_time"),
        )
