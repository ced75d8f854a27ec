"""The table of contacts."""

from tortoise import fields
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User
from contactsvc.platform.database.columns import SearchKeyField, SortKeyField


class Contact(Model):
    """One contact in the address book of one owner.

    The primary key in the database is ``(owner_id, id)`` and every index begins with the owner, so
    that one owner's contacts lie together and can live on one shard. Tortoise has no composite
    keys, so only the migration declares it, and every query for one contact must filter by the
    owner.

    Some columns are derived from others: ``*_key`` hold text to search in, ``*_sort`` both names
    to sort by, the column's own first, and ``birthday_md`` is month times 100 plus day. The
    repository writes them with each change, and the version in ``keys_version``. An older release
    leaves an older version there, or none.
    """

    id = fields.BigIntField(primary_key=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="contacts", on_delete=fields.CASCADE
    )
    first_name = fields.CharField(max_length=100)
    last_name = fields.CharField(max_length=100, default="")
    email = fields.CharField(max_length=254, null=True)
    phone = fields.CharField(max_length=64, null=True, description="E.164, or else as typed")
    phone_value = fields.CharField(max_length=64, null=True, description="As typed, tidied")
    phone_e164 = fields.CharField(max_length=16, null=True, description="E.164, where it is valid")
    birthday = fields.CharField(max_length=10, null=True, description="YYYY-MM-DD or --MM-DD")
    notes = fields.TextField(default="")
    first_name_key = SearchKeyField(max_length=400)
    last_name_key = SearchKeyField(max_length=400)
    email_key = SearchKeyField(max_length=1024, null=True)
    phone_key = SearchKeyField(max_length=512, null=True)
    birthday_md = fields.SmallIntField(null=True)
    last_name_sort = SortKeyField(default=b"")
    first_name_sort = SortKeyField(default=b"")
    version = fields.IntField(default=1, description="Counts the changes; the ETag")
    keys_version = fields.IntField(null=True, description="The version that the keys are made of")
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        """The names of the table and its indexes."""

        table = "contacts"
        indexes = (
            Index(fields=("owner_id", "last_name_sort", "id"), name="idx_contacts_owner_last_sort"),
            Index(
                fields=("owner_id", "first_name_sort", "id"), name="idx_contacts_owner_first_sort"
            ),
            Index(fields=("owner_id", "created_at", "id"), name="idx_contacts_owner_created"),
            Index(fields=("owner_id", "updated_at", "id"), name="idx_contacts_owner_updated"),
            Index(
                fields=("owner_id", "birthday_md", "last_name_sort", "id"),
                name="idx_contacts_owner_birthday_sort",
            ),
        )
