"""Secrets of birthday calendars, until they are ended or replaced."""

from typing import Final

from tortoise import fields
from tortoise.models import Model

from contactsvc.accounts.users.model import User

BIRTHDAY_FEED: Final = "birthday_feed"
"""How the audit log calls these secrets."""


class FeedSecret(Model):
    """The secret of the URL of a user's birthday calendar, of which there is only the SHA-256."""

    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", related_name="feed_secret", primary_key=True, on_delete=fields.CASCADE
    )
    user_id: int
    digest = fields.CharField(max_length=64, description="SHA-256 in hex")
    created_at = fields.DatetimeField()

    class Meta:
        """How the table is called."""

        table = "feed_secrets"
