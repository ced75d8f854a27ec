"""The outbox: mail is queued in the transaction that asks for it, and sent by a worker later."""

import asyncio
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypedDict, Unpack, cast

from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.expressions import Q

from contactsvc.mail.model import MailKind, MailParams, MailStatus, OutboxMail
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import delete_some
from contactsvc.platform.database.keysets import NEWEST_FIRST, Page, Position, equal
from contactsvc.platform.database.transactions import after_commit, transaction
from contactsvc.platform.errors import Conflict, NotFound, Unavailable
from contactsvc.platform.text.search_keys import email_key


class MailRow(TypedDict):
    """A mail as administrators see it."""

    id: int
    kind: MailKind
    recipient: str
    status: MailStatus
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    finished_at: datetime | None
    last_error: str


MAX_COUNTED: Final = 10_000
"""Mails are counted up to this number, so that a scrape of metrics has a bounded cost."""

_DEPTH: Final = f"""
SELECT (SELECT count(*) FROM (SELECT FROM outbox WHERE status = 'pending' LIMIT {MAX_COUNTED}) p)
           AS pending,
       (SELECT count(*) FROM (SELECT FROM outbox WHERE status = 'dead' LIMIT {MAX_COUNTED}) d)
           AS dead,
       (SELECT min(next_attempt_at) FROM outbox WHERE status = 'pending') AS first_due,
       (SELECT min(created_at) FROM outbox WHERE status = 'pending') AS first_asked
"""  # noqa: S608 - a number of ours

_LISTED: Final = tuple(MailRow.__annotations__)

_LISTENERS: Final[list[tuple[asyncio.AbstractEventLoop, Callable[[], None]]]] = []
"""Functions to call when mail has become due, each with the event loop it may be called in."""


@dataclass(frozen=True)
class ClaimedMail:
    """A mail that one worker has claimed and no other sends before the lease expires.

    Args:
        id: Primary key of the row.
        kind: The kind, which decides what the mail says.
        recipient: The address that was typed, or that of the account.
        params: Parameters of the kind, without secrets.
        attempts: Attempts begun, from 1: this one is included.
        created_at: Time at which the mail was asked for.
    """

    id: int
    kind: MailKind
    recipient: str
    params: MailParams
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Depth:
    """How many mails are in the outbox, and how old they are.

    Args:
        pending: Mails that wait to be sent, counted up to MAX_COUNTED.
        dead: Mails that were given up, counted up to MAX_COUNTED.
        oldest_due: Seconds that the oldest mail has been due; 0 where none is.
        oldest_age: Seconds since the oldest pending mail was asked for; 0 where none waits.
    """

    pending: int
    dead: int
    oldest_due: float
    oldest_age: float


@contextmanager
def listening(listener: Callable[[], None]) -> Iterator[None]:
    """Call ``listener`` inside the context whenever a task of this event loop commits due mail.

    A process may run several applications, each in a thread and event loop of its own. Every
    listener of the same loop is called, as looking into an empty outbox does no harm; one of
    another loop is not, as that would not be thread-safe.
    """
    entry = (asyncio.get_running_loop(), listener)
    _LISTENERS.append(entry)
    try:
        yield
    finally:
        _LISTENERS.remove(entry)


def _notify() -> None:
    here = asyncio.get_running_loop()
    for loop, listener in _LISTENERS.copy():
        if loop is here:
            listener()


async def put(kind: MailKind, recipient: str, **params: Unpack[MailParams]) -> None:
    """Queue a mail. The worker is woken when the transaction around this commits.

    Args:
        kind: The kind, which decides what the mail says.
        recipient: The address that was typed, or that of an account. Whether it has an account is
            looked up when the mail is sent, so that asking for it takes the same time for all.
        params: Parameters of the kind, without secrets.
    """
    moment = now()
    await OutboxMail.create(
        kind=kind,
        recipient=recipient,
        recipient_key=email_key(recipient),
        user_id=params.get("user_id"),
        params=params,
        created_at=moment,
        next_attempt_at=moment,
    )
    after_commit(_notify)


async def claim(limit: int, lease: float) -> Sequence[ClaimedMail]:
    """Claim mails that are due; other workers skip them until the lease expires.

    A kind that only a later release knows, which may run beside this one, is left to it.

    Args:
        limit: Mails to claim at the most.
        lease: Seconds after which another worker may claim them, as this one has died by then.
    """
    moment = now()
    async with transaction():
        rows = (
            await OutboxMail.filter(status=MailStatus.PENDING, next_attempt_at__lte=moment)
            .filter(kind__in=list(MailKind))
            .order_by("next_attempt_at")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        for row in rows:
            row.attempts += 1
            await OutboxMail.filter(id=row.id).update(
                attempts=row.attempts, next_attempt_at=moment + timedelta(seconds=lease)
            )
    return [
        ClaimedMail(r.id, r.kind, r.recipient, r.params, r.attempts, r.created_at) for r in rows
    ]


async def finish(mail_id: int, status: MailStatus, error: str = "") -> None:
    """Store the final state of a mail.

    Args:
        mail_id: Primary key of the row.
        status: Any state but pending.
        error: Why a dead mail was given up, without addresses or text; cut at 255 characters.
    """
    await OutboxMail.filter(id=mail_id).update(
        status=status, finished_at=now(), last_error=error[:255]
    )


async def retry(mail_id: int, delay: float, error: str) -> None:
    """Schedule another attempt to send a mail.

    Args:
        mail_id: Primary key of the row.
        delay: Seconds until the attempt.
        error: Why the mail was not sent, without addresses or text; cut at 255 characters.
    """
    await OutboxMail.filter(id=mail_id).update(
        next_attempt_at=now() + timedelta(seconds=delay), last_error=error[:255]
    )


async def release(mail_id: int) -> None:
    """Release a claim; any worker may claim the mail at once."""
    await OutboxMail.filter(id=mail_id, status=MailStatus.PENDING).update(next_attempt_at=now())


async def is_stuck(seconds: int) -> bool:
    """Return whether a mail that was asked for more than ``seconds`` ago is still pending.

    ``next_attempt_at`` would not tell, as every failed attempt moves it.
    """
    before = now() - timedelta(seconds=seconds)
    return await OutboxMail.filter(status=MailStatus.PENDING, created_at__lt=before).exists()


async def depth() -> Depth:
    """Count the mails of the outbox, by one statement that reads a bounded part of an index.

    Raises:
        Unavailable: The table has not been migrated yet.
    """
    try:
        _, [row] = await get_connection("default").execute_query(_DEPTH)
    except OperationalError as error:
        raise Unavailable("The outbox cannot be read; run 'contactsvc migrate'.") from error
    moment = now()
    due, age = (
        max(0.0, (moment - (row[first] or moment)).total_seconds())
        for first in ("first_due", "first_asked")
    )
    return Depth(row["pending"], row["dead"], due, age)


async def page(
    limit: int, after: Position = None, *, status: MailStatus | None = None
) -> Page[MailRow]:
    """Return up to ``limit`` mails, the newest first. Their text and tokens are stored nowhere.

    Args:
        limit: Mails at the most.
        after: The ``next_position`` of the page before.
        status: The state to list; None lists all.
    """
    query = OutboxMail.filter(equal(status=status))
    return cast(Page[MailRow], await NEWEST_FIRST.page(query, _LISTED, limit, after))


async def requeue(mail_id: int) -> None:
    """Queue a dead mail again; its attempts are counted from 0.

    Raises:
        NotFound: There is no such mail.
        Conflict: It is not dead.
    """
    moment = now()
    revived = await OutboxMail.filter(id=mail_id, status=MailStatus.DEAD).update(
        status=MailStatus.PENDING, attempts=0, next_attempt_at=moment, finished_at=None
    )
    if not revived:
        if await OutboxMail.exists(id=mail_id):
            raise Conflict("Only a mail that has been given up can be tried again.")
        raise NotFound
    after_commit(_notify)


async def cancel(kind: MailKind, email: str) -> None:
    """Mark pending mails of one kind to an address as skipped."""
    pending = OutboxMail.filter(_to(email), kind=kind, status=MailStatus.PENDING)
    await pending.update(status=MailStatus.SKIPPED, finished_at=now())


async def assign(email: str, user_id: int) -> None:
    """Link all mail to an address with its account, before the account gets another address.

    Else the mail would remain when the account is deleted under its new address.
    """
    await OutboxMail.filter(_to(email), user_id=None).update(user_id=user_id)


async def forget(user_id: int, email: str) -> None:
    """Remove all mail of an account that is deleted, whether sent or pending."""
    theirs = _to(email) | Q(user_id=user_id)
    # Mail that an earlier version wrote, without a user_id.
    theirs |= Q(recipient_key=None, params__contains={"user_id": user_id})
    await OutboxMail.filter(theirs).delete()


async def forget_user(user_id: int) -> None:
    """Remove the mail of an account that gives way to another owner of its e-mail."""
    await OutboxMail.filter(user_id=user_id).delete()


async def purge(status: Collection[MailStatus], before: datetime) -> int:
    """Remove mail in one of these states that is older than ``before``.

    A finished mail counts from its end, a pending one from its last attempt.

    Returns:
        The number of mails removed, up to BATCH; call again while it is BATCH.
    """
    unfinished = Q(finished_at=None, created_at__lt=before, next_attempt_at__lt=before)
    old = Q(finished_at__lt=before) | unfinished
    return await delete_some(OutboxMail.filter(old, status__in=status))


def _to(email: str) -> Q:
    """Return the condition for mail to an address, whatever its case."""
    # Mail without a key was written by an earlier version.
    return Q(recipient_key=email_key(email)) | Q(recipient_key=None, recipient__iexact=email)
