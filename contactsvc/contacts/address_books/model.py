"""Address books: what is known of all of an owner's contacts together."""

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class AddressBook(Model):
    """Somebody's contacts as a whole. Everybody has one, number 1, from their first contact on.

    The key in the database is ``(owner_id, id)``: Tortoise knows no composite keys, so the
    migration says it, and every query names the owner.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="address_books", on_delete=fields.CASCADE
    )
    contacts = fields.IntField(null=True, description="How many; NULL is to be counted")

    class Meta:
        """How the table is called."""

        table = "address_books"
