"""The table of photos of contacts."""

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class ContactPhoto(Model):
    """The photo of a contact, which may be in the trash.

    The primary key in the database is ``(owner_id, contact_id)``; see Contact.
    """

    contact_id = fields.BigIntField(primary_key=True, generated=False)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="contact_photos", on_delete=fields.CASCADE
    )
    etag = fields.CharField(max_length=64, description="Of the bytes; in contacts.photo, too")
    media_type = fields.CharField(max_length=32)
    content = fields.BinaryField()
    created_at = fields.DatetimeField()

    class Meta:
        """The name of the table."""

        table = "contact_photos"
