"""The audit log: written in the transaction of what it tells about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypedDict, cast

from contactsvc.clock import now
from contactsvc.models import AuditEvent, Event


class AuditRow(TypedDict):
    """An event as administrators see it."""

    id: int
    at: datetime
    event: Event
    actor_id: int | None
    user_id: int | None
    ip: str
    request_id: str
    data: dict[str, Any]


_LISTED: Final = tuple(AuditRow.__annotations__)


@dataclass(frozen=True)
class Caller:
    """Where a request came from.

    Args:
        ip: Address of the client, as far as trusted proxies tell it.
        user_agent: What the client calls itself.
        request_id: The request's name in logs and answers.
    """

    ip: str = ""
    user_agent: str = ""
    request_id: str = ""


async def record(
    event: Event,
    caller: Caller,
    *,
    user_id: int | None = None,
    actor_id: int | None = None,
    **data: Any,
) -> None:
    """Add an event.

    Args:
        event: What happened.
        caller: Where it came from.
        user_id: To whom, if an account is known.
        actor_id: Who did it, if somebody was signed in.
        data: More about it, as JSON; never a secret.
    """
    await AuditEvent.create(
        at=now(),
        event=event,
        actor_id=actor_id,
        user_id=user_id,
        ip=caller.ip,
        request_id=caller.request_id,
        data=data,
    )


async def page(
    user_id: int | None, event: Event | None, limit: int, before: int | None
) -> list[AuditRow]:
    """Return up to ``limit`` events, the newest first.

    Args:
        user_id: To whom they happened, None is anybody.
        event: What happened, None is anything.
        limit: Events at the most.
        before: The id of the last event of the page before.
    """
    query = AuditEvent.all()
    if user_id is not None:
        query = query.filter(user_id=user_id)
    if event is not None:
        query = query.filter(event=event)
    if before is not None:
        query = query.filter(id__lt=before)
    return cast(list[AuditRow], await query.order_by("-id").limit(limit).values(*_LISTED))
