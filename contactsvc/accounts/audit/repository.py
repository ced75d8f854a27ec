"""The audit log: each event is written in the transaction of what it records."""

from datetime import datetime
from typing import Final, TypedDict, Unpack, cast

import orjson
from tortoise.connection import get_connection
from tortoise.expressions import Q

from contactsvc.accounts.audit.model import AuditData, AuditEvent, Event
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH
from contactsvc.platform.database.compiled import CompiledInsert
from contactsvc.platform.database.keysets import NEWEST_FIRST, Keyset, Page, Position, equal


class AuditRow(TypedDict):
    """An event as administrators see it."""

    id: int
    at: datetime
    event: Event
    actor_id: int | None
    user_id: int | None
    ip: str
    request_id: str
    data: AuditData


_LISTED: Final = tuple(AuditRow.__annotations__)

_LATEST_FIRST: Final = Keyset(("at", "id"), descending=True)
"""The order of a span of time, which its index alone answers. That of ids may differ where the
clocks of two hosts do."""

_ADD: Final = CompiledInsert(
    AuditEvent, ("at", "event", "actor_id", "user_id", "ip", "request_id", "data")
)

# Ids grow with time: the oldest are found without an index of times.
_PURGE: Final = f"""
DELETE FROM audit_events WHERE id IN (
    SELECT id FROM (SELECT id, at FROM audit_events ORDER BY id LIMIT {BATCH}) AS oldest
    WHERE at < $1)
"""  # noqa: S608 - a number of ours


async def record(
    event: Event,
    caller: Caller,
    *,
    user_id: int | None = None,
    actor_id: int | None = None,
    **data: Unpack[AuditData],
) -> None:
    """Add an event, in the transaction around this.

    Args:
        event: The kind of event.
        caller: The client, whose address and request id are stored.
        user_id: The account that it happened to; None where none is known.
        actor_id: The signed-in user who did it; None where nobody was signed in.
        data: Further data of the event, without secrets.
    """
    await _ADD.run(
        now(),
        event,
        actor_id,
        user_id,
        caller.ip,
        caller.request_id,
        orjson.dumps(data).decode(),
    )


async def purge(before: datetime) -> int:
    """Remove up to BATCH events from before a time, and return their number.

    Triggers let no statement change an event, or remove one of the last 30 days.
    """
    count, _ = await get_connection("default").execute_query(_PURGE, [before])
    return count


async def page(
    limit: int,
    after: Position = None,
    *,
    user_id: int | None = None,
    actor_id: int | None = None,
    event: Event | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[AuditRow]:
    """Return up to ``limit`` events, the newest first.

    Args:
        limit: Events at the most.
        after: The ``next_position`` of the page before, which had the same conditions.
        user_id: The account that they happened to; None is any.
        actor_id: The user who did it; None is any, and nobody.
        event: The kind of event; None is any.
        since: The earliest time, included; None is no limit.
        until: The time before which they were; None is no limit.
    """
    happened = equal(user_id=user_id, actor_id=actor_id, event=event)
    query = AuditEvent.filter(happened, _between(since, until))
    order = NEWEST_FIRST if since is until is None else _LATEST_FIRST
    return cast(Page[AuditRow], await order.page(query, _LISTED, limit, after))


def _between(since: datetime | None, until: datetime | None) -> Q:
    from_then = Q() if since is None else Q(at__gte=since)
    return from_then if until is None else from_then & Q(at__lt=until)
