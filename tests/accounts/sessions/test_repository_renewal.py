"""A refresh token gives the next one by the rules, and any other one is theft."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.repository import SessionRepository
from tests.support.clocks import Clock
from tests.support.session_rows import (
    CALLER,
    MAX_AGE,
    THIEF,
    TTL,
    Hook,
    alive,
    begin,
    events,
    row_of,
)


async def test_a_token_gives_the_next_one(
    session_repository: SessionRepository, owner: int, clock: Clock, pg: asyncpg.Connection
) -> None:
    first = await begin(session_repository, owner)
    clock.move(1000)
    second = await session_repository.renew(owner, first.session_id, 0, CALLER)
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
    session_repository: SessionRepository,
    owner: int,
    clock: Clock,
    pg: asyncpg.Connection,
    three_sessions: list[int],
) -> None:
    grant = await session_repository.renew(owner, three_sessions[0], 0, CALLER)
    before = await row_of(pg, three_sessions[0])
    for wait in (0, 5, 5):  # a replay does not begin the ten seconds anew
        clock.move(wait)
        assert await session_repository.renew(owner, three_sessions[0], 0, CALLER) == grant
    assert await row_of(pg, three_sessions[0]) == before


@pytest.fixture
async def stolen(
    session_repository: SessionRepository, owner: int, clock: Clock, three_sessions: list[int]
) -> int:
    """A session whose third refresh token is the good one, and was given ten seconds ago."""
    for counter in range(2):
        assert await session_repository.renew(owner, three_sessions[0], counter, CALLER)
    clock.move(10)
    return three_sessions[0]


@pytest.mark.parametrize(
    ("counter", "wait"), [(1, 0.000001), (1, 60), (0, 0), (3, 0)],
    ids=["parent, too late", "parent, long ago", "older", "never given"],
)  # fmt: skip
async def test_any_other_token_is_theft(
    session_repository: SessionRepository,
    owner: int,
    stolen: int,
    clock: Clock,
    hook: Hook,
    pg: asyncpg.Connection,
    counter: int,
    wait: float,
) -> None:
    clock.move(wait)
    assert await session_repository.renew(owner, stolen, counter, THIEF) is None

    assert stolen not in await alive(pg, owner)
    assert (hook.told, hook.still_alive) == ([(owner, [stolen])], [3])
    [event] = await events(pg)
    assert (event["event"], event["user_id"], event["actor_id"]) == (Event.TOKEN_REUSE, owner, None)
    assert (event["ip"], event["request_id"]) == (THIEF.ip, THIEF.request_id)
    told = {"session_id": stolen, "counter": counter, "expected": 2}
    assert orjson.loads(event["data"]) == told
    assert await session_repository.renew(owner, stolen, 2, CALLER) is None


@pytest.mark.parametrize("where", ["record", "hook"])
async def test_a_theft_that_cannot_be_noted_leaves_nothing_half_done(
    session_repository: SessionRepository,
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
        monkeypatch.setattr("contactsvc.accounts.sessions.repository.record", die)
    else:
        hook.error = RuntimeError("killed")
    before = await row_of(pg, stolen)

    with pytest.raises(RuntimeError, match="killed"):
        await session_repository.renew(owner, stolen, 0, THIEF)

    assert await row_of(pg, stolen) == before
    assert not await events(pg)


async def test_a_renewal_that_dies_leaves_the_token_good(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
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
            await session_repository.renew(owner, three_sessions[0], 0, CALLER)
    assert (await row_of(pg, three_sessions[0]))["counter"] == 0
    assert await session_repository.renew(owner, three_sessions[0], 0, CALLER)


async def test_a_session_that_is_used_lives_on_until_its_greatest_age(
    session_repository: SessionRepository, owner: int, clock: Clock
) -> None:
    begun = await begin(session_repository, owner)
    last = begun.issued_at + timedelta(seconds=MAX_AGE)
    ends = []
    for counter in range(3):
        clock.move(TTL - 601)
        grant = await session_repository.renew(owner, begun.session_id, counter, CALLER)
        assert grant is not None
        ends.append(grant.expires_at)
    assert ends == [begun.issued_at + timedelta(seconds=n) for n in (6599, 9000, 9000)]
    clock.moment = last - timedelta(microseconds=1)
    assert await session_repository.renew(owner, begun.session_id, 3, CALLER)
    clock.moment = last
    assert await session_repository.renew(owner, begun.session_id, 4, CALLER) is None


async def test_a_greatest_age_that_was_lowered_counts_at_once(
    session_repository: SessionRepository, owner: int, clock: Clock, hook: Hook
) -> None:
    begun = await begin(session_repository, owner)
    clock.move(60)
    lowered = SessionRepository(TTL, hook, 60)
    assert await lowered.renew(owner, begun.session_id, 0, CALLER) is None
    assert await session_repository.renew(owner, begun.session_id, 0, CALLER)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sessions SET expires_at = created_at - interval '1 minute'",
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE users SET is_active = false",
        "DELETE FROM users",
    ],
)
@pytest.mark.parametrize("counter", [0, 1], ids=["parent", "current"])
async def test_what_is_over_is_not_renewed(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    clock: Clock,
    pg: asyncpg.Connection,
    change: str,
    counter: int,
) -> None:
    assert await session_repository.renew(owner, three_sessions[0], 0, CALLER)
    await pg.execute(change)
    before = await pg.fetch("SELECT * FROM sessions ORDER BY id")
    assert await session_repository.renew(owner, three_sessions[0], counter, CALLER) is None
    assert await pg.fetch("SELECT * FROM sessions ORDER BY id") == before
    assert not await events(pg)


async def test_a_renewal_reads_the_users_version(
    session_repository: SessionRepository,
    owner: int,
    three_sessions: list[int],
    clock: Clock,
    pg: asyncpg.Connection,
) -> None:
    await pg.execute("UPDATE users SET auth_version = 7")
    for _ in ("current", "parent"):
        grant = await session_repository.renew(owner, three_sessions[0], 0, CALLER)
        assert grant is not None
        assert grant.auth_version == 7
