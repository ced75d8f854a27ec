"""Sessions that have ended: shown to their user for a while, and then purged."""

from datetime import timedelta

import asyncpg

from contactsvc.accounts.sessions.repository import SessionRepository, purge
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock
from tests.support.session_rows import CALLER, TTL, begin

MOMENT = timedelta(microseconds=1)


async def test_the_history_has_ended_sessions_of_its_user_too(
    session_repository: SessionRepository, owner: int, clock: Clock, make_owner: MakeOwner
) -> None:
    await begin(session_repository, await make_owner())
    began = []
    for _ in range(3):
        began.append(await begin(session_repository, owner))
        clock.move(1)
    await session_repository.end(owner, only_id=began[1].session_id)

    first = await session_repository.history(owner, 2)
    second = await session_repository.history(owner, 2, first.next_position)

    assert second.next_position is None
    assert [*first.rows, *second.rows] == [
        {
            "id": grant.session_id,
            "user_agent": CALLER.user_agent,
            "ip": CALLER.ip,
            "created_at": grant.issued_at,
            "last_used_at": grant.issued_at,
            "expires_at": grant.issued_at + timedelta(seconds=TTL),
            "revoked_at": clock.moment if grant is began[1] else None,
        }
        for grant in reversed(began)
    ]


async def test_what_ended_before_a_time_is_purged(
    session_repository: SessionRepository,
    owner: int,
    clock: Clock,
    three_sessions: list[int],
    pg: asyncpg.Connection,
) -> None:
    begun = [(await begin(session_repository, owner)).session_id for _ in range(2)]
    expired, expires, revoked, is_revoked, alive = sorted([*three_sessions, *begun])
    ends = {
        expired: ("expires_at", clock.moment - MOMENT),
        expires: ("expires_at", clock.moment),
        revoked: ("revoked_at", clock.moment - MOMENT),
        is_revoked: ("revoked_at", clock.moment),
    }
    for session_id, (column, moment) in ends.items():
        await pg.execute(f"UPDATE sessions SET {column} = $2 WHERE id = $1", session_id, moment)

    assert await purge(clock.moment) == 2

    left = await pg.fetch("SELECT id FROM sessions ORDER BY id")
    assert [row["id"] for row in left] == [expires, is_revoked, alive]
