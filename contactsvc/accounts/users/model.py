"""People who sign in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from contactsvc.platform.database.columns import SearchKeyField


class Role(StrEnum):
    """What a user may do."""

    USER = "user"
    ADMIN = "admin"


class User(Model):
    """An account.

    ``version`` counts every change of the row and tells an old cached copy from a new one.
    ``auth_version`` counts the changes that matter to access (password, role, active, confirmed)
    and is written into access tokens, so that older tokens are refused.
    """

    id = fields.BigIntField(primary_key=True)
    email = fields.CharField(max_length=254)
    email_key = SearchKeyField(max_length=1024, unique=True, description="Normalised for look-up")
    name = fields.CharField(max_length=100, default="")
    name_key = SearchKeyField(max_length=400, default="")
    password_hash = fields.CharField(max_length=255)
    role = fields.CharEnumField(
        Role, max_length=16, default=Role.USER, description="What they may do"
    )
    confirmed = fields.BooleanField(default=False)
    is_active = fields.BooleanField(default=True)
    avatar = fields.CharField(max_length=255, null=True, description="None is the default avatar")
    region = fields.CharField(max_length=2, null=True, description="ISO 3166-1 alpha-2")
    auth_version = fields.IntField(default=1)
    version = fields.IntField(default=1)
    created_at = fields.DatetimeField()

    class Meta:
        """How the table is called."""

        table = "users"


@dataclass(frozen=True)
class CurrentUser:
    """The signed-in user as every request knows them: without the password hash."""

    id: int
    email: str
    name: str
    role: Role
    confirmed: bool
    is_active: bool
    avatar: str | None
    region: str | None
    created_at: datetime
    auth_version: int
    version: int


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    user_id: int
    password_hash: str
    confirmed: bool
    is_active: bool
    auth_version: int


@dataclass(frozen=True)
class Account:
    """The columns of an account that decide what mail is sent about it."""

    id: int
    email: str
    name: str
    confirmed: bool
    is_active: bool
    auth_version: int
