"""The table of contacts."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from contactsvc.accounts.users.model import User
from contactsvc.platform.database.columns import SearchTextField, SortKeyField, open_enum_field


class ChangedBy(StrEnum):
    """The way by which a contact got its values."""

    API = "api"
    SYNC = "sync"
    IMPORT = "import"
    MERGE = "merge"


class Contact(Model):
    """One contact in the address book of one owner.

    The primary key in the database is ``(owner_id, id)`` and every index begins with the owner, so
    that one owner's contacts lie together and can live on one shard. Tortoise has no composite
    keys, so only the migration declares it, and every query for one contact must filter by the
    owner.

    ``email`` and ``phone`` are the first of their lists in ``details``. Some columns are derived
    from others: ``display_name``, ``search_key`` and ``search_more`` (see search.py), ``*_sort``,
    both names to sort by, the column's own first, ``match_keys`` (see match_keys.py), and
    ``birthday_md``, month times 100 plus day. The repository writes them with each change, and the
    version in ``derived_version``. An older release leaves an older version there, or none; it also
    leaves ``uid`` and ``details`` NULL in what it wrote before the migration.
    """

    id = fields.BigIntField(primary_key=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="contacts", on_delete=fields.CASCADE
    )
    uid = fields.CharField(max_length=200, null=True, description="RFC 6350, 6.7.6")
    card_name = fields.CharField(
        max_length=200, null=True, description="In CardDAV, where it is not the uid"
    )
    first_name = fields.CharField(max_length=100, default="")
    last_name = fields.CharField(max_length=100, default="")
    middle_name = fields.CharField(max_length=100, default="")
    prefix = fields.CharField(max_length=100, default="")
    suffix = fields.CharField(max_length=100, default="")
    nickname = fields.CharField(max_length=100, default="")
    organization = fields.CharField(max_length=200, default="")
    department = fields.CharField(max_length=200, default="")
    title = fields.CharField(max_length=200, default="")
    email = fields.CharField(max_length=254, null=True, description="The first of the e-mails")
    phone = fields.CharField(max_length=64, null=True, description="The first: E.164, or as typed")
    phone_value = fields.CharField(max_length=64, null=True, description="Of an older release")
    birthday = fields.CharField(max_length=10, null=True, description="YYYY-MM-DD or --MM-DD")
    notes = fields.TextField(default="")
    tags = ArrayField("text", default=list, description="Told apart without case")
    favorite = fields.BooleanField(default=False)
    photo = fields.CharField(max_length=64, null=True, description="The ETag of the photo")
    details = fields.JSONField[dict[str, Any]](null=True, description="The typed lists")
    extra = fields.JSONField[list[str]](
        null=True, description="Content lines of a vCard that have no column"
    )
    display_name = fields.TextField(default="")
    search_key = SearchTextField(default="")
    search_more = SearchTextField(null=True, description="What the index of a list cannot hold")
    match_keys = ArrayField("bigint", null=True, description="What duplicates are found by")
    birthday_md = fields.SmallIntField(null=True)
    last_name_sort = SortKeyField(default=b"")
    first_name_sort = SortKeyField(default=b"")
    version = fields.IntField(default=1, description="Counts the changes; the ETag")
    derived_version = fields.IntField(
        null=True, description="The version that the derived columns are made of"
    )
    seq = fields.BigIntField(default=0, description="The book's count of changes at the last one")
    changed_by = open_enum_field(ChangedBy, max_length=16, description="What wrote this version")
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()

    class Meta:
        """The names of the table and its indexes.

        Only the migration declares what Tortoise cannot say: those of the lists carry
        ``search_key`` and ``favorite``, that of changes carries ``match_keys``, a uid is unique,
        and so is what a contact is called in CardDAV; there are three partial indexes, of rows with
        ``search_more``, of rows with tags, and of what an older release has written.
        """

        table = "contacts"
        indexes = (
            Index(fields=("owner_id", "last_name_sort", "id"), name="idx_contacts_by_last_name"),
            Index(fields=("owner_id", "first_name_sort", "id"), name="idx_contacts_by_first_name"),
            Index(fields=("owner_id", "created_at", "id"), name="idx_contacts_by_creation"),
            Index(fields=("owner_id", "updated_at", "id"), name="idx_contacts_by_update"),
            Index(
                fields=("owner_id", "birthday_md", "last_name_sort", "id"),
                name="idx_contacts_owner_birthday_sort",
            ),
            Index(fields=("owner_id", "seq", "id"), name="idx_contacts_by_change"),
            Index(fields=("owner_id", "uid"), name="idx_contacts_uid"),
        )
