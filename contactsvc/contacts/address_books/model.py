"""The table of address books."""

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User


class AddressBook(Model):
    """The address book of an owner. Each has one, with id 1, from the first contact on.

    The primary key in the database is ``(owner_id, id)``. Tortoise has no composite keys, so only
    the migration declares it, and every query for one book must filter by the owner.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="address_books", on_delete=fields.CASCADE
    )
    name = fields.CharField(max_length=100, default="")
    contacts = fields.IntField(null=True, description="How many; NULL is to be counted")
    seq = fields.BigIntField(default=0, description="Counts the changes of its contacts")
    me_card = fields.CharField(
        max_length=200, null=True, description="The name of the card that is the owner's own"
    )
    oldest_seq = fields.BigIntField(default=0, description="Deletions up to here are forgotten")

    class Meta:
        """The name of the table."""

        table = "address_books"
