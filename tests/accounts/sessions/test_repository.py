"""Sign-ins on the real PostgreSQL: begun, listed, and ended."""

from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest

from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.rows import Grant
from contactsvc.platform.caller import Caller
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock
from tests.support.session_rows import CALLER, TTL, Hook, alive, begin, row_of


async def test_ids_are_no_numbers_that_come_again(three_sessions: list[int]) -> None:
    """A database that is restored to an earlier state would give them to somebody else."""
    assert max(three_sessions) - min(three_sessions) > 1_000_000
    assert all(0 <= number < 2**53 for number in three_sessions), "JavaScript can tell them apart"


async def test_the_greatest_id_is_a_number_of_javascript(
    session_repository: SessionRepository, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbits", lambda bits: 2**bits - 1)
    assert (await begin(session_repository, owner)).session_id == 2**53 - 1


async def test_a_session_begins_whole(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection
) -> None:
    grant = await begin(session_repository, owner, Caller("2001:db8::1", "x" * 300))
    row = await row_of(pg, grant.session_id)
    assert (row["user_id"], row["counter"], row["revoked_at"]) == (owner, 0, None)
    assert (row["user_agent"], row["ip"]) == ("x" * 255, "2001:db8::1")
    assert row["created_at"] == row["last_used_at"] == grant.issued_at
    assert row["expires_at"] - row["created_at"] == timedelta(seconds=TTL)
    assert grant == Grant(owner, row["id"], 0, 1, row["created_at"], row["expires_at"])


async def test_no_session_begins_longer_than_it_may_live_at_the_most(
    orm: None, hook: Hook, owner: int
) -> None:
    grant = await begin(SessionRepository(TTL, hook, 60), owner)
    assert grant.expires_at - grant.issued_at == timedelta(seconds=60)


async def test_an_odd_user_agent_keeps_nobody_from_signing_in(
    session_repository: SessionRepository, owner: int
) -> None:
    # aiohttp gives bytes that are no UTF-8 as lone surrogates, which PostgreSQL cannot hold.
    assert await begin(session_repository, owner, Caller(user_agent="caf\udce9/1.0"))


@pytest.mark.parametrize("change", ["UPDATE users SET auth_version = 2", "DELETE FROM users"])
async def test_who_was_changed_or_deleted_meanwhile_begins_no_session(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection, change: str
) -> None:
    await pg.execute(change)
    assert await session_repository.begin(owner, 1, CALLER) is None
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0
    assert await pg.fetchval("SELECT count(*) FROM audit_events") == 0


async def test_listing_shows_what_is_alive_the_last_used_first(
    session_repository: SessionRepository,
    owner: int,
    clock: Clock,
    three_sessions: list[int],
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
) -> None:
    clock.move(1)
    over = [(await begin(session_repository, owner)).session_id for _ in range(2)]
    await pg.execute("UPDATE sessions SET expires_at = $2 WHERE id = $1", over[0], clock.moment)
    await pg.execute("UPDATE sessions SET revoked_at = $2 WHERE id = $1", over[1], clock.moment)
    await begin(session_repository, await make_owner())
    clock.move(1)
    assert await session_repository.renew(owner, three_sessions[1], 0, CALLER)

    listed = (await session_repository.page(owner)).rows

    assert [session["id"] for session in listed] == [
        three_sessions[1],
        three_sessions[2],
        three_sessions[0],
    ]
    assert listed[0].keys() == {"id", "user_agent", "ip", "created_at", "last_used_at"}
    assert (listed[0]["user_agent"], listed[0]["ip"]) == (CALLER.user_agent, CALLER.ip)
    assert listed[0]["last_used_at"] - listed[0]["created_at"] == timedelta(seconds=2)


Which = Callable[[list[int]], dict[str, int]]


@pytest.mark.parametrize(
    ("which", "ended"),
    [
        (lambda ids: {"only_id": ids[1]}, [1]),
        (lambda ids: {"except_id": ids[1]}, [0, 2]),
        (lambda ids: {}, [0, 1, 2]),
        (lambda ids: {"only_id": ids[2] + 1}, []),
    ],
    ids=["only", "except", "all", "unknown"],
)
async def test_ending(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    hook: Hook,
    pg: asyncpg.Connection,
    which: Which,
    ended: list[int],
) -> None:
    assert await session_repository.end(owner, **which(three_sessions)) == [
        three_sessions[n] for n in ended
    ]
    assert hook.told == [(owner, [three_sessions[n] for n in ended])]
    assert await alive(pg, owner) == [three_sessions[n] for n in range(3) if n not in ended]
    for n, session_id in enumerate(three_sessions):
        renewed = await session_repository.renew(owner, session_id, 0, CALLER)
        assert (renewed is None) is (n in ended)


async def test_an_expired_session_is_ended_but_was_not_alive(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    hook: Hook,
    pg: asyncpg.Connection,
) -> None:
    """Its access tokens may live on in the cache for a moment, so it is marked nevertheless."""
    await pg.execute("UPDATE sessions SET expires_at = now() WHERE id = $1", three_sessions[0])
    assert await session_repository.end(owner) == three_sessions[1:]
    assert hook.told == [(owner, three_sessions)]


async def test_a_session_is_over_at_the_moment_it_expires(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    clock: Clock,
    pg: asyncpg.Connection,
) -> None:
    await pg.execute(
        "UPDATE sessions SET expires_at = $2 WHERE id = $1", three_sessions[0], clock.moment
    )
    assert three_sessions[0] not in {
        session["id"] for session in (await session_repository.page(owner)).rows
    }
    assert await session_repository.end(owner) == three_sessions[1:]


async def test_ended_sessions_keep_the_time_of_their_end(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    hook: Hook,
    pg: asyncpg.Connection,
) -> None:
    await session_repository.end(owner, only_id=three_sessions[0])
    before = await row_of(pg, three_sessions[0])
    assert await session_repository.end(owner) == three_sessions[1:]
    assert await row_of(pg, three_sessions[0]) == before
    assert hook.told[1] == (owner, three_sessions[1:])


async def test_the_cache_is_told_before_anybody_can_see_the_end(
    session_repository: SessionRepository, owner: int, three_sessions: list[int], hook: Hook
) -> None:
    await session_repository.end(owner)
    assert hook.still_alive == [3]


async def test_an_end_that_the_cache_refuses_does_not_happen(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    hook: Hook,
    pg: asyncpg.Connection,
) -> None:
    hook.error = RuntimeError("no cache")
    with pytest.raises(RuntimeError, match="no cache"):
        await session_repository.end(owner)
    assert await alive(pg, owner) == three_sessions
