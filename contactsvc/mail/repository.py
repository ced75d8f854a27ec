"""The outbox: mail is asked for in one transaction and sent by a worker after it."""

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


MOST_COUNTED: Final = 10_000
"""Counting ends here, so that a scrape costs the same however much has piled up."""

_DEPTH: Final = f"""
SELECT (SELECT count(*) FROM (SELECT FROM outbox WHERE status = 'pending' LIMIT {MOST_COUNTED}) p)
           AS pending,
       (SELECT count(*) FROM (SELECT FROM outbox WHERE status = 'dead' LIMIT {MOST_COUNTED}) d)
           AS dead,
       (SELECT min(next_attempt_at) FROM outbox WHERE status = 'pending') AS first_due,
       (SELECT min(created_at) FROM outbox WHERE status = 'pending') AS first_asked
"""  # noqa: S608 - a number of ours

_LISTED: Final = tuple(MailRow.__annotations__)

_LISTENERS: Final[list[tuple[asyncio.AbstractEventLoop, Callable[[], None]]]] = []
"""What is called when mail is due, each with the event loop that it belongs to."""


@dataclass(frozen=True)
class Claimed:
    """A mail that this worker, and no other, is to send.

    Args:
        id: The row.
        kind: Why it is sent.
        recipient: The address that was typed or is known.
        params: What else the kind needs to know.
        attempts: Tries begun, this one included.
        created_at: When it was asked for.
    """

    id: int
    kind: MailKind
    recipient: str
    params: MailParams
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Depth:
    """How full the outbox is.

    Args:
        pending: Mails that wait, counted up to MOST_COUNTED.
        dead: Mails that were given up, counted likewise.
        oldest_due: Seconds that the oldest mail has been due; 0 where none is.
        oldest_age: Seconds since a mail was asked for that still waits; 0 where none does.
    """

    pending: int
    dead: int
    oldest_due: float
    oldest_age: float


@contextmanager
def listening(listener: Callable[[], None]) -> Iterator[None]:
    """Call something, inside, whenever a task of this event loop has committed that mail is due.

    A process may hold several applications, and a thread each: all in one loop are called, for
    whoever looks in vain does no harm, and none in another, where it would not be safe.
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
    """Ask for a mail; it is sent, at once, if the transaction around it commits.

    Args:
        kind: Why somebody gets mail.
        recipient: The address that was typed or is known. Whether it has an account is looked up
            when the mail is sent, so that asking for it takes the same time for all.
        params: What else the kind needs.
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


async def claim(limit: int, lease: float) -> Sequence[Claimed]:
    """Claim mails that are due; others pass them over.

    A kind that only a later release knows, which may run beside this one, is left to it.

    Args:
        limit: Mails at the most.
        lease: Seconds after which another worker may take over, because this one has died.
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
    return [Claimed(r.id, r.kind, r.recipient, r.params, r.attempts, r.created_at) for r in rows]


async def finish(mail_id: int, status: MailStatus, error: str = "") -> None:
    """Note how a mail ended: sent, skipped or dead."""
    await OutboxMail.filter(id=mail_id).update(
        status=status, finished_at=now(), last_error=error[:255]
    )


async def retry(mail_id: int, delay: float, error: str) -> None:
    """Try a mail again.

    Args:
        mail_id: Which.
        delay: Seconds to wait before.
        error: Why it was not sent; no address, no text.
    """
    await OutboxMail.filter(id=mail_id).update(
        next_attempt_at=now() + timedelta(seconds=delay), last_error=error[:255]
    )


async def release(mail_id: int) -> None:
    """Give back a mail that was claimed; whoever looks next may take it."""
    await OutboxMail.filter(id=mail_id, status=MailStatus.PENDING).update(next_attempt_at=now())


async def is_stuck(seconds: int) -> bool:
    """Return whether a mail was asked for longer ago than that and still waits.

    When it is due says nothing: that moves on with each try that fails.
    """
    before = now() - timedelta(seconds=seconds)
    return await OutboxMail.filter(status=MailStatus.PENDING, created_at__lt=before).exists()


async def depth() -> Depth:
    """Return how full the outbox is, by one statement that reads little of an index.

    Raises:
        Unavailable: The table is not there yet.
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
    """Return up to ``limit`` mails, the newest first: no text and no token, as there is none.

    Args:
        limit: Mails at the most.
        after: The ``next_position`` of the page before.
        status: Where they stand, None is anywhere.
    """
    query = OutboxMail.filter(equal(status=status))
    return cast(Page[MailRow], await NEWEST_FIRST.page(query, _LISTED, limit, after))


async def requeue(mail_id: int) -> None:
    """Let a dead mail be tried again from the beginning.

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
    """Take back what was asked for and is not sent yet."""
    pending = OutboxMail.filter(_to(email), kind=kind, status=MailStatus.PENDING)
    await pending.update(status=MailStatus.SKIPPED, finished_at=now())


async def assign(email: str, user_id: int) -> None:
    """Note whose the mail to an address was, before the account gets another address.

    So it goes with the account, which will not be known by this address any more.
    """
    await OutboxMail.filter(_to(email), user_id=None).update(user_id=user_id)


async def forget(user_id: int, email: str) -> None:
    """Remove all that was asked for, or sent, for an account that is deleted."""
    theirs = _to(email) | Q(user_id=user_id)
    # Written by a version that knew no user_id.
    theirs |= Q(recipient_key=None, params__contains={"user_id": user_id})
    await OutboxMail.filter(theirs).delete()


async def forget_user(user_id: int) -> None:
    """Remove what was asked for by an account whose e-mail goes to somebody else."""
    await OutboxMail.filter(user_id=user_id).delete()


async def purge(status: Collection[MailStatus], before: datetime) -> int:
    """Remove mail that ended before that, or that nobody has tried to send since.

    Returns:
        How many there were, up to BATCH.
    """
    ended = Q(finished_at__lt=before) | Q(
        finished_at=None, created_at__lt=before, next_attempt_at__lt=before
    )
    return await delete_some(OutboxMail.filter(ended, status__in=status))


def _to(email: str) -> Q:
    """Return the condition of mail to an address, however it was typed."""
    # Mail without a key was written by an earlier version.
    return Q(recipient_key=email_key(email)) | Q(recipient_key=None, recipient__iexact=email)
