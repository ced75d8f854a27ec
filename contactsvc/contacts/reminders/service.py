"""Keeps when users are told by mail whose birthday is near, and asks for the mail that is due."""

import logging
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.contacts.birthdays.service import LeapDay, born_on
from contactsvc.contacts.reminders import repository
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.contacts.reminders.schedule import due_on, next_due
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.metrics import BIRTHDAY_REMINDERS

LEAP_DAY: Final = LeapDay.FEB28
"""When birthdays of 29 February are told in a common year: as they are listed by default."""

logger = logging.getLogger(__name__)


class Result(StrEnum):
    """What became of a mail that was due."""

    QUEUED = "queued"
    EMPTY = "empty"
    SKIPPED = "skipped"
    FAILED = "failed"


_COUNTED: Final = {result: BIRTHDAY_REMINDERS.labels(result) for result in Result}


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


async def queue_due() -> None:
    """Ask for the mail of everybody to whom one is due; others may do so at the same time.

    Each has a transaction of their own, in which the mail is put into the outbox and the time of
    the next is written. So whatever dies, a day has one mail or, for now, none; and one that cannot
    be asked for keeps no other back.

    Raises:
        Unavailable: PostgreSQL is away.
    """
    moment = now()
    place: repository.Place | None = None
    while due := await repository.due(moment, place):
        for place in due:
            if (result := await _queue_or_log(place.owner_id, moment)) is not None:
                _COUNTED[result].inc()


async def _queue_or_log(owner_id: int, moment: datetime) -> Result | None:
    try:
        return await _queue(owner_id, moment)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - the others are due, too
        # Its message may contain people's data.
        logger.warning("No reminder for user %d: %s", owner_id, type(error).__name__)
        return Result.FAILED


async def _queue(owner_id: int, moment: datetime) -> Result | None:
    """Ask for a user's mail if it is due, and return None if another process does or has done."""
    async with transaction():
        reminder = await repository.lock_due(owner_id, moment)
        if reminder is None:
            return None
        zone, last = ZoneInfo(reminder.tz), reminder.last_sent_on
        day = moment.astimezone(zone).date()
        # After an outage the hour of today may be to come, and those of other days are over.
        is_due = due_on(day, reminder.hour, zone) <= moment
        result = Result.SKIPPED
        if is_due and (recipient := await repository.recipient(owner_id)) is not None:
            result = await _tell(owner_id, recipient, day, reminder.days_before)
        next_at = next_due(moment, reminder.hour, zone, day if is_due else last)
        await repository.advance(owner_id, next_at, day if result is Result.QUEUED else last)
        return result


async def _tell(owner_id: int, recipient: str, day: date, days_before: list[int]) -> Result:
    if not await near(owner_id, day, days_before):
        return Result.EMPTY
    kind = MailKind.BIRTHDAY_REMINDER
    await outbox.put(kind, recipient, user_id=owner_id, day=day.isoformat())
    return Result.QUEUED


async def near(owner_id: int, day: date, days_before: list[int]) -> int:
    """Return how many birthdays a mail of a day would tell.

    Args:
        owner_id: The owner of the contacts.
        day: The day.
        days_before: How many days after it a birthday is told.
    """
    told = [day + timedelta(days=number) for number in days_before]
    born = [month_day for on in told for month_day in born_on(on, LEAP_DAY)]
    return await repository.count_born_on(owner_id, born)


def _due(setting: Setting, since: datetime, last: date | None) -> datetime | None:
    if not setting.enabled:
        return None
    return next_due(since, setting.hour, ZoneInfo(setting.tz), last)
