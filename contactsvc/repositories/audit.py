"""The audit log: written in the transaction of what it tells about."""

from dataclasses import dataclass
from typing import Any

from contactsvc.clock import now
from contactsvc.models import AuditEvent, Event


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
