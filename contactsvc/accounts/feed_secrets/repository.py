"""Secrets of birthday calendars in the database: replaced, and removed.

They are looked up beside the number of the address book, in
:mod:`contactsvc.contacts.birthdays.feed.repository`.
"""

from datetime import datetime

from contactsvc.accounts.feed_secrets.model import FeedSecret
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction


async def replace(user_id: int, digest: str) -> None:
    """Store the only secret of a user, who is locked; an earlier one is removed."""
    async with transaction():
        await remove(user_id)
        await FeedSecret.create(user_id=user_id, digest=digest, created_at=now())


async def remove(user_id: int) -> bool:
    """Remove the secret of a user, and return whether there was one."""
    return await FeedSecret.filter(user_id=user_id).delete() > 0


async def made_at(user_id: int) -> datetime | None:
    """Return when the secret of a user was made; None where there is none."""
    secret = await FeedSecret.get_or_none(user_id=user_id)
    return secret.created_at if secret else None
