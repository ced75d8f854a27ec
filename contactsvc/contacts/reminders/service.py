"""Keeps when a user is told by mail whose birthday is near."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.contacts.reminders import repository
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.contacts.reminders.schedule import next_due
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction


async def change(owner_id: int, setting: Setting) -> None:
    """Keep a setting in the place of an earlier one.

    A mail that is due and has not been asked for yet stays due if the setting allows it, and a day
    that has had one gets no other.

    Raises:
        Unauthenticated: The user has just been deleted.
    """
    async with transaction():
        before, since = await repository.lock(owner_id), now()
        if before is not None and before.next_due_at is not None:
            since = min(since, before.next_due_at)
        last = before.last_sent_on if before is not None else None
        await repository.store(owner_id, setting, _due(setting, since, last))


async def unsubscribe(owner_id: int, caller: Caller) -> None:
    """Let no more mail be sent to a user, who need not be signed in, or there any more."""
    async with transaction():
        if await repository.disable(owner_id):
            await record(
                Event.USER_UPDATED, caller, user_id=owner_id, by="link", birthday_reminder=False
            )


def _due(setting: Setting, since: datetime, last: date | None) -> datetime | None:
    if not setting.enabled:
        return None
    return next_due(since, setting.hour, ZoneInfo(setting.tz), last)
