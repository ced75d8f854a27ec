"""The settings of birthday reminders, and which of them are due."""

from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from contactsvc.platform.database.batches import BATCH
from contactsvc.platform.errors import Unauthenticated

_STORE: Final = """
INSERT INTO birthday_reminders AS reminder (owner_id, days_before, hour, tz, enabled, next_due_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (owner_id) DO UPDATE SET days_before = excluded.days_before, hour = excluded.hour,
    tz = excluded.tz, enabled = excluded.enabled, next_due_at = excluded.next_due_at
"""

_DUE: Final = f"""
SELECT next_due_at, owner_id FROM birthday_reminders WHERE next_due_at <= $1
AND ($2::timestamptz IS NULL OR (next_due_at, owner_id) > ($2, $3::bigint))
ORDER BY next_due_at, owner_id LIMIT {BATCH}
"""  # noqa: S608 - a number of ours
_LOCK_DUE: Final = """
SELECT * FROM birthday_reminders WHERE owner_id = $1 AND next_due_at <= $2
FOR UPDATE SKIP LOCKED
"""
_RECIPIENT: Final = "SELECT email FROM users WHERE id = $1 AND confirmed AND is_active"
_ADVANCE: Final = (
    "UPDATE birthday_reminders SET next_due_at = $2, last_sent_on = $3 WHERE owner_id = $1"
)
_BORN_ON: Final = (
    "SELECT count(*) FROM contacts WHERE owner_id = $1 AND birthday_md = ANY($2::int[])"
)
_DISABLE: Final = """
UPDATE birthday_reminders SET enabled = false, next_due_at = NULL WHERE owner_id = $1 AND enabled
RETURNING owner_id
"""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a user wants to be told, and when.

    Args:
        days_before: How many days before a birthday, each once, in order; 0 is the day itself.
        hour: The hour of the clock, 0 to 23.
        tz: The time zone of that clock, a name of the IANA database.
        enabled: Whether mail is sent at all.
    """

    days_before: list[int]
    hour: int
    tz: str
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class Reminder(Setting):
    """The setting of a user, and what has been done of it.

    Args:
        next_due_at: When a mail is due next; None where none is to be sent.
        last_sent_on: The last day, in the time zone of then, that has had a mail.
    """

    next_due_at: datetime | None
    last_sent_on: date | None


_READ: Final = tuple(Reminder.__dataclass_fields__)


async def find(owner_id: int) -> Reminder | None:
    """Return a user's reminder; None where they have never set one."""
    return await _one("SELECT * FROM birthday_reminders WHERE owner_id = $1", owner_id)


async def lock(owner_id: int) -> Reminder | None:
    """Do as :func:`find`, and lock it until the transaction around this ends."""
    return await _one("SELECT * FROM birthday_reminders WHERE owner_id = $1 FOR UPDATE", owner_id)


async def store(owner_id: int, setting: Setting, next_due_at: datetime | None) -> None:
    """Keep a setting in the place of an earlier one.

    Args:
        owner_id: The user.
        setting: The setting.
        next_due_at: When a mail is due next; None where it is not enabled.

    Raises:
        Unauthenticated: The user has just been deleted.
    """
    values = [owner_id, *astuple(setting), next_due_at]
    try:
        await get_connection("default").execute_query(_STORE, values)
    except IntegrityError as error:
        raise Unauthenticated from error


class Place(NamedTuple):
    """Somebody to whom a mail is due, in the order of these.

    Args:
        next_due_at: Since when it is due.
        owner_id: The user.
    """

    next_due_at: datetime
    owner_id: int


async def due(moment: datetime, after: Place | None) -> list[Place]:
    """Return up to BATCH users to whom a mail is due at a moment, the longest due first.

    Args:
        moment: The moment.
        after: The last of those before; None begins with the first.
    """
    values = [moment, *(after or (None, None))]
    rows = await get_connection("default").execute_query_dict(_DUE, values)
    return [Place(**row) for row in rows]


async def lock_due(owner_id: int, moment: datetime) -> Reminder | None:
    """Lock a user's reminder if a mail is due at a moment; None if not, or if it is locked.

    Whoever deletes the user waits for the lock, and removes the user's mail after that.
    """
    return await _one(_LOCK_DUE, owner_id, moment)


async def recipient(owner_id: int) -> str | None:
    """Return the e-mail of a user; None if they may be sent no mail."""
    rows = await get_connection("default").execute_query_dict(_RECIPIENT, [owner_id])
    return str(rows[0]["email"]) if rows else None


async def advance(owner_id: int, next_due_at: datetime, last_sent_on: date | None) -> None:
    """Write when a mail is due next, and which day was the last to have one."""
    values = [owner_id, next_due_at, last_sent_on]
    await get_connection("default").execute_query(_ADVANCE, values)


async def count_born_on(owner_id: int, days: Collection[int]) -> int:
    """Return how many contacts are born on one of these days.

    Args:
        owner_id: The owner of the contacts.
        days: Days of birth, each as month times 100 plus day.
    """
    values = [owner_id, list(days)]
    rows = await get_connection("default").execute_query_dict(_BORN_ON, values)
    return int(rows[0]["count"])


async def disable(owner_id: int) -> bool:
    """Let no more mail be sent; return whether any would have been."""
    return bool(await get_connection("default").execute_query_dict(_DISABLE, [owner_id]))


async def _one(statement: str, *values: Any) -> Reminder | None:
    rows = await get_connection("default").execute_query_dict(statement, list(values))
    return Reminder(**{name: rows[0][name] for name in _READ}) if rows else None
