"""Sign-ins on the real PostgreSQL: begun, renewed by the rules, listed, and ended."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.models import Event
from contactsvc.repositories.audit import Caller
from contactsvc.repositories.sessions import Grant, SessionRepository
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock

TTL, MAX_AGE = 3600, 9000
CALLER = Caller("192.0.2.1", "pytest", "one-request")
THIEF = Caller("198.51.100.9", "curl", "another-request")


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


async def row_of(pg: asyncpg.Connection, session_id: int) -> dict[str, Any]:
    return dict(await pg.fetchrow("SELECT * FROM sessions WHERE id = $1", session_id))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def hook(pg: asyncpg.Connection) -> Hook:
    return Hook(pg)


@pytest.fixture
def sessions(orm: None, hook: Hook) -> SessionRepository:
    return SessionRepository(TTL, hook, MAX_AGE)


async def begin(sessions: SessionRepository, user_id: int, caller: Caller = CALLER) -> Grant:
    grant = await sessions.begin(user_id, 1, caller)
    assert grant is not None
    return grant


@pytest.fixture
async def three(sessions: SessionRepository, owner: int) -> list[int]:
    """The ids of three sessions of one user, in their order."""
    return sorted([(await begin(sessions, owner)).session_id for _ in range(3)])


async def test_ids_are_no_numbers_that_come_again(three: list[int]) -> None:
    """A database that is restored to an earlier state would give them to somebody else."""
    assert max(three) - min(three) > 1_000_000
    assert all(0 <= number < 2**53 for number in three), "JavaScript can tell them apart"


async def test_the_greatest_id_is_a_number_of_javascript(
    sessions: SessionRepository, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.randbits", lambda bits: 2**bits - 1)
    assert (await begin(sessions, owner)).session_id == 2**53 - 1


async def test_a_session_begins_whole(
    sessions: SessionRepository, owner: int, pg: asyncpg.Connection
) -> None:
    grant = await begin(sessions, owner, Caller("2001:db8::1", "x" * 300))
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
    sessions: SessionRepository, owner: int
) -> None:
    # aiohttp gives bytes that are no UTF-8 as lone surrogates, which PostgreSQL cannot hold.
    assert await begin(sessions, owner, Caller(user_agent="caf\udce9/1.0"))


@pytest.mark.parametrize("change", ["UPDATE users SET auth_version = 2", "DELETE FROM users"])
async def test_who_was_changed_or_deleted_meanwhile_begins_no_session(
    sessions: SessionRepository, owner: int, pg: asyncpg.Connection, change: str
) -> None:
    await pg.execute(change)
    assert await sessions.begin(owner, 1, CALLER) is None
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0


async def test_a_token_gives_the_next_one(
    sessions: SessionRepository, owner: int, clock: Clock, pg: asyncpg.Connection
) -> None:
    first = await begin(sessions, owner)
    clock.move(1000)
    second = await sessions.renew(owner, first.session_id, 0, CALLER)
    expected = replace(
        first,
        counter=1,
        issued_at=clock.moment,
        expires_at=clock.moment + timedelta(seconds=TTL),
    )
    assert second == expected
    row = await row_of(pg, first.session_id)
    assert (row["counter"], row["last_used_at"]) == (1, expected.issued_at)
    assert row["expires_at"] == expected.expires_at


async def test_the_parent_gives_the_same_one_for_ten_seconds(
    sessions: SessionRepository, owner: int, clock: Clock, pg: asyncpg.Connection, three: list[int]
) -> None:
    grant = await sessions.renew(owner, three[0], 0, CALLER)
    before = await row_of(pg, three[0])
    for wait in (0, 5, 5):  # a replay does not begin the ten seconds anew
        clock.move(wait)
        assert await sessions.renew(owner, three[0], 0, CALLER) == grant
    assert await row_of(pg, three[0]) == before


@pytest.fixture
async def stolen(sessions: SessionRepository, owner: int, clock: Clock, three: list[int]) -> int:
    """A session whose third refresh token is the good one, and was given ten seconds ago."""
    for counter in range(2):
        assert await sessions.renew(owner, three[0], counter, CALLER)
    clock.move(10)
    return three[0]


@pytest.mark.parametrize(
    ("counter", "wait"), [(1, 0.000001), (1, 60), (0, 0), (3, 0)],
    ids=["parent, too late", "parent, long ago", "older", "never given"],
)  # fmt: skip
async def test_any_other_token_is_theft(
    sessions: SessionRepository,
    owner: int,
    stolen: int,
    clock: Clock,
    hook: Hook,
    pg: asyncpg.Connection,
    counter: int,
    wait: float,
) -> None:
    clock.move(wait)
    assert await sessions.renew(owner, stolen, counter, THIEF) is None

    assert stolen not in await alive(pg, owner)
    assert (hook.told, hook.still_alive) == ([(owner, [stolen])], [3])
    [event] = await pg.fetch("SELECT * FROM audit_events")
    assert (event["event"], event["user_id"], event["actor_id"]) == (Event.TOKEN_REUSE, owner, None)
    assert (event["ip"], event["request_id"]) == (THIEF.ip, THIEF.request_id)
    told = {"session_id": stolen, "counter": counter, "expected": 2}
    assert orjson.loads(event["data"]) == told
    assert await sessions.renew(owner, stolen, 2, CALLER) is None


@pytest.mark.parametrize("where", ["record", "hook"])
async def test_a_theft_that_cannot_be_noted_leaves_nothing_half_done(
    sessions: SessionRepository,
    owner: int,
    stolen: int,
    hook: Hook,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
) -> None:
    async def die(*_: Any, **__: Any) -> None:
        raise RuntimeError("killed")

    if where == "record":
        monkeypatch.setattr("contactsvc.repositories.sessions.record", die)
    else:
        hook.error = RuntimeError("killed")
    before = await row_of(pg, stolen)

    with pytest.raises(RuntimeError, match="killed"):
        await sessions.renew(owner, stolen, 0, THIEF)

    assert await row_of(pg, stolen) == before
    assert not await pg.fetch("SELECT * FROM audit_events")


async def test_a_renewal_that_dies_leaves_the_token_good(
    sessions: SessionRepository,
    owner: int,
    three: list[int],
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rotate = SessionRepository._rotate

    async def rotate_and_die(*args: Any) -> None:
        await rotate(*args)
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(SessionRepository, "_rotate", rotate_and_die)
        with pytest.raises(RuntimeError, match="killed"):
            await sessions.renew(owner, three[0], 0, CALLER)
    assert (await row_of(pg, three[0]))["counter"] == 0
    assert await sessions.renew(owner, three[0], 0, CALLER)


async def test_a_session_that_is_used_lives_on_until_its_greatest_age(
    sessions: SessionRepository, owner: int, clock: Clock
) -> None:
    begun = await begin(sessions, owner)
    last = begun.issued_at + timedelta(seconds=MAX_AGE)
    ends = []
    for counter in range(3):
        clock.move(TTL - 601)
        grant = await sessions.renew(owner, begun.session_id, counter, CALLER)
        assert grant is not None
        ends.append(grant.expires_at)
    assert ends == [begun.issued_at + timedelta(seconds=n) for n in (6599, 9000, 9000)]
    clock.moment = last - timedelta(microseconds=1)
    assert await sessions.renew(owner, begun.session_id, 3, CALLER)
    clock.moment = last
    assert await sessions.renew(owner, begun.session_id, 4, CALLER) is None


async def test_a_greatest_age_that_was_lowered_counts_at_once(
    sessions: SessionRepository, owner: int, clock: Clock, hook: Hook
) -> None:
    begun = await begin(sessions, owner)
    clock.move(60)
    lowered = SessionRepository(TTL, hook, 60)
    assert await lowered.renew(owner, begun.session_id, 0, CALLER) is None
    assert await sessions.renew(owner, begun.session_id, 0, CALLER)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET expires_at = now()",
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE users SET is_active = false",
        "DELETE FROM users",
    ],
)
@pytest.mark.parametrize("counter", [0, 1], ids=["parent", "current"])
async def test_what_is_over_is_not_renewed(
    sessions: SessionRepository,
    owner: int,
    three: list[int],
    pg: asyncpg.Connection,
    change: str,
    counter: int,
) -> None:
    assert await sessions.renew(owner, three[0], 0, CALLER)
    await pg.execute(change)
    before = await pg.fetch("SELECT * FROM sessions ORDER BY id")
    assert await sessions.renew(owner, three[0], counter, CALLER) is None
    assert await pg.fetch("SELECT * FROM sessions ORDER BY id") == before
    assert not await pg.fetch("SELECT * FROM audit_events")


async def test_a_renewal_reads_the_users_version(
    sessions: SessionRepository, owner: int, three: list[int], pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET auth_version = 7")
    for _ in ("current", "parent"):
        grant = await sessions.renew(owner, three[0], 0, CALLER)
        assert grant is not None
        assert grant.auth_version == 7


async def test_listing_shows_what_is_alive_the_last_used_first(
    sessions: SessionRepository,
    owner: int,
    clock: Clock,
    three: list[int],
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
) -> None:
    clock.move(1)
    over = [(await begin(sessions, owner)).session_id for _ in range(2)]
    await pg.execute("UPDATE sessions SET expires_at = $2 WHERE id = $1", over[0], clock.moment)
    await pg.execute("UPDATE sessions SET revoked_at = $2 WHERE id = $1", over[1], clock.moment)
    await begin(sessions, await make_owner())
    clock.move(1)
    assert await sessions.renew(owner, three[1], 0, CALLER)

    listed = await sessions.alive(owner)

    assert [session["id"] for session in listed] == [three[1], three[2], three[0]]
    assert listed[0].keys() == {"id", "user_agent", "ip", "created_at", "last_used_at"}
    assert (listed[0]["user_agent"], listed[0]["ip"]) == (CALLER.user_agent, CALLER.ip)
    assert listed[0]["last_used_at"] - listed[0]["created_at"] == timedelta(seconds=2)


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
    assert await sessions.end(owner, **which(three)) == [three[n] for n in ended]
    assert hook.told == [(owner, [three[n] for n in ended])]
    assert await alive(pg, owner) == [three[n] for n in range(3) if n not in ended]
    for n, session_id in enumerate(three):
        renewed = await sessions.renew(owner, session_id, 0, CALLER)
        assert (renewed is None) is (n in ended)


async def test_an_expired_session_is_ended_but_was_not_alive(
    sessions: SessionRepository, owner: int, three: list[int], hook: Hook, pg: asyncpg.Connection
) -> None:
    """Its access tokens may live on in the cache for a moment, so it is marked nevertheless."""
    await pg.execute("UPDATE sessions SET expires_at = now() WHERE id = $1", three[0])
    assert await sessions.end(owner) == three[1:]
    assert hook.told == [(owner, three)]


async def test_a_session_is_over_at_the_moment_it_expires(
    sessions: SessionRepository, owner: int, three: list[int], clock: Clock, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE sessions SET expires_at = $2 WHERE id = $1", three[0], clock.moment)
    assert three[0] not in {session["id"] for session in await sessions.alive(owner)}
    assert await sessions.end(owner) == three[1:]


async def test_ended_sessions_keep_the_time_of_their_end(
    sessions: SessionRepository, owner: int, three: list[int], hook: Hook, pg: asyncpg.Connection
) -> None:
    await sessions.end(owner, only=three[0])
    before = await row_of(pg, three[0])
    assert await sessions.end(owner) == three[1:]
    assert await row_of(pg, three[0]) == before
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
