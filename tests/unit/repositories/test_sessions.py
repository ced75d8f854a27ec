"""Sign-ins on the real PostgreSQL: begun, renewed by one alone, and ended."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import pytest

from contactsvc.clock import now
from contactsvc.errors import ServiceError
from contactsvc.repositories.sessions import SessionRepository
from tests.unit.conftest import MakeOwner

TTL = 3600


class Hook:
    """Notes the sessions that are about to end, and how many others see alive meanwhile."""

    def __init__(self, pg: asyncpg.Connection) -> None:
        self._pg = pg
        self.told: list[tuple[int, list[int]]] = []
        self.still_alive: list[int] = []
        self.error: Exception | None = None

    async def __call__(self, user_id: int, session_ids: list[int]) -> None:
        self.told.append((user_id, session_ids))
        self.still_alive.append(len(await alive(self._pg, user_id)))
        if self.error is not None:
            raise self.error


async def alive(pg: asyncpg.Connection, user_id: int) -> list[int]:
    query = "SELECT id FROM sessions WHERE user_id = $1 AND revoked_at IS NULL ORDER BY id"
    return [row["id"] for row in await pg.fetch(query, user_id)]


@pytest.fixture
def hook(pg: asyncpg.Connection) -> Hook:
    return Hook(pg)


@pytest.fixture
def sessions(orm: None, hook: Hook) -> SessionRepository:
    return SessionRepository(TTL, hook)


@pytest.fixture
async def three(sessions: SessionRepository, owner: int) -> list[int]:
    """The ids of three sessions of one user."""
    return [await sessions.begin(owner, f"device {n}", "127.0.0.1") for n in range(3)]


async def test_a_session_begins_whole(
    sessions: SessionRepository, owner: int, pg: asyncpg.Connection
) -> None:
    session_id = await sessions.begin(owner, "x" * 300, "2001:db8::1")
    row = await pg.fetchrow("SELECT * FROM sessions WHERE id = $1", session_id)
    assert (row["user_id"], row["counter"], row["revoked_at"]) == (owner, 0, None)
    assert (row["user_agent"], row["ip"]) == ("x" * 255, "2001:db8::1")
    assert row["created_at"] == row["last_used_at"]
    assert row["expires_at"] - row["created_at"] == timedelta(seconds=TTL)


async def test_an_odd_user_agent_keeps_nobody_from_signing_in(
    sessions: SessionRepository, owner: int
) -> None:
    # aiohttp gives bytes that are no UTF-8 as lone surrogates, which PostgreSQL cannot hold.
    assert await sessions.begin(owner, "caf\udce9/1.0", "127.0.0.1")


async def test_a_token_renews_once_and_the_next_after_it(
    sessions: SessionRepository, owner: int, three: list[int]
) -> None:
    assert await sessions.renew(owner, three[0], 0)
    assert not await sessions.renew(owner, three[0], 0)
    assert not await sessions.renew(owner, three[0], 2)
    assert await sessions.renew(owner, three[0], 1)


async def test_of_many_renewals_at_once_one_succeeds(
    sessions: SessionRepository, owner: int, three: list[int], pg: asyncpg.Connection
) -> None:
    outcomes = await asyncio.gather(*(sessions.renew(owner, three[0], 0) for _ in range(20)))
    assert sum(outcomes) == 1
    query = "SELECT counter FROM sessions WHERE id = $1"
    assert await pg.fetchval(query, three[0]) == 1
    assert await pg.fetchval(query, three[1]) == 0


async def test_a_renewal_postpones_the_end(
    sessions: SessionRepository, owner: int, three: list[int], pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE sessions SET expires_at = now() + interval '5 seconds'")
    assert await sessions.renew(owner, three[0], 0)
    row = await pg.fetchrow("SELECT * FROM sessions WHERE id = $1", three[0])
    assert row["expires_at"] - row["last_used_at"] == timedelta(seconds=TTL)
    assert now() - row["last_used_at"] < timedelta(minutes=1)


@pytest.mark.parametrize("column", ["expires_at", "revoked_at"])
async def test_a_session_that_is_over_is_not_renewed(
    sessions: SessionRepository, owner: int, three: list[int], pg: asyncpg.Connection, column: str
) -> None:
    await pg.execute(f"UPDATE sessions SET {column} = now() WHERE id = $1", three[0])
    assert not await sessions.renew(owner, three[0], 0)
    assert await sessions.renew(owner, three[1], 0)


async def test_somebody_elses_session_is_not_renewed(
    sessions: SessionRepository, owner: int, three: list[int], make_owner: MakeOwner
) -> None:
    assert not await sessions.renew(await make_owner(), three[0], 0)
    assert await sessions.renew(owner, three[0], 0)


Which = Callable[[list[int]], dict[str, int]]


@pytest.mark.parametrize(
    ("which", "ended"),
    [
        (lambda ids: {"only": ids[1]}, [1]),
        (lambda ids: {"but": ids[1]}, [0, 2]),
        (lambda ids: {}, [0, 1, 2]),
        (lambda ids: {"only": ids[2] + 1}, []),
    ],
    ids=["only", "but", "all", "unknown"],
)
async def test_ending(
    sessions: SessionRepository,
    owner: int,
    three: list[int],
    hook: Hook,
    pg: asyncpg.Connection,
    which: Which,
    ended: list[int],
) -> None:
    await sessions.end(owner, **which(three))
    assert hook.told == [(owner, [three[n] for n in ended])]
    assert await alive(pg, owner) == [three[n] for n in range(3) if n not in ended]
    for n, session_id in enumerate(three):
        assert await sessions.renew(owner, session_id, 0) is (n not in ended)


async def test_ended_sessions_keep_the_time_of_their_end(
    sessions: SessionRepository, owner: int, three: list[int], hook: Hook, pg: asyncpg.Connection
) -> None:
    query = "SELECT revoked_at FROM sessions WHERE id = $1"
    await sessions.end(owner, only=three[0])
    before = await pg.fetchval(query, three[0])
    await sessions.end(owner)
    assert await pg.fetchval(query, three[0]) == before
    assert hook.told[1] == (owner, three[1:])


async def test_the_cache_is_told_before_anybody_can_see_the_end(
    sessions: SessionRepository, owner: int, three: list[int], hook: Hook
) -> None:
    await sessions.end(owner)
    assert hook.still_alive == [3]


async def test_an_end_that_the_cache_refuses_does_not_happen(
    sessions: SessionRepository, owner: int, three: list[int], hook: Hook, pg: asyncpg.Connection
) -> None:
    hook.error = RuntimeError("no cache")
    with pytest.raises(RuntimeError, match="no cache"):
        await sessions.end(owner)
    assert await alive(pg, owner) == three


async def test_somebody_elses_sessions_do_not_end(
    sessions: SessionRepository,
    owner: int,
    three: list[int],
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
) -> None:
    stranger = await make_owner()
    await sessions.end(stranger)
    await sessions.end(stranger, only=three[0])
    await sessions.end(stranger, but=three[0])
    assert await alive(pg, owner) == three


async def test_a_user_who_has_just_gone_begins_no_session(
    sessions: SessionRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await pg.execute("DELETE FROM users WHERE id = $1", owner)
    with pytest.raises(ServiceError):
        await sessions.begin(owner, "pytest", "127.0.0.1")
