"""The outbox: mail is asked for in one transaction and sent by a worker after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tortoise.transactions import in_transaction

from contactsvc.clock import now
from contactsvc.models import MailKind, MailStatus, OutboxMail


@dataclass(frozen=True)
class Claimed:
    """A mail that this worker, and no other, is to send.

    Args:
        id: The row.
        kind: Why it is sent.
        recipient: The address that was typed or is known.
        params: What else the kind needs to know.
        attempts: Tries begun, this one included.
    """

    id: int
    kind: MailKind
    recipient: str
    params: dict[str, Any]
    attempts: int


async def put(kind: MailKind, recipient: str, **params: Any) -> None:
    """Ask for a mail; it is sent if the transaction around it commits.

    Args:
        kind: Why somebody gets mail.
        recipient: The address that was typed or is known. Whether it has an account is looked up
            when the mail is sent, so that asking for it takes the same time for all.
        params: What else the kind needs; never a token.
    """
    moment = now()
    await OutboxMail.create(
        kind=kind, recipient=recipient, params=params, created_at=moment, next_attempt_at=moment
    )


async def claim(limit: int, lease: float) -> Sequence[Claimed]:
    """Claim mails that are due; others pass them over.

    Args:
        limit: Mails at the most.
        lease: Seconds after which another worker may take over, because this one has died.
    """
    moment = now()
    async with in_transaction():
        rows = (
            await OutboxMail.filter(status=MailStatus.PENDING, next_attempt_at__lte=moment)
            .order_by("next_attempt_at")
            .limit(limit)
            .select_for_update(skip_locked=True)
        )
        for row in rows:
            row.attempts += 1
            await OutboxMail.filter(id=row.id).update(
                attempts=row.attempts, next_attempt_at=moment + timedelta(seconds=lease)
            )
    return [Claimed(r.id, r.kind, r.recipient, r.params, r.attempts) for r in rows]


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


async def forget(recipient: str) -> None:
    """Remove all that was asked for, or sent, to an address whose account is deleted."""
    await OutboxMail.filter(recipient=recipient).delete()


async def purge(days: int) -> int:
    """Remove what ended well more than ``days`` ago and return how many there were."""
    ended = (MailStatus.SENT, MailStatus.SKIPPED)
    before = now() - timedelta(days=days)
    return await OutboxMail.filter(status__in=ended, finished_at__lt=before).delete()
