"""One user's sessions have an end, and so has their list."""

import asyncpg
import orjson
import pytest
from tortoise.exceptions import IntegrityError

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.repository import SessionRepository
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock
from tests.support.locks import race
from tests.support.rows import statements
from tests.support.session_rows import CALLER, MAX_AGE, TTL, Hook, alive, begin, events


async def test_of_too_many_sessions_the_one_least_used_lately_ends(
    owner: int,
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contactsvc.accounts.sessions.repository.MAX_SESSIONS", 3)
    clock, hook = Clock(monkeypatch), Hook(pg)
    session_repository = SessionRepository(TTL, hook, MAX_AGE)
    await begin(session_repository, await make_owner())
    grants = []
    for _ in range(3):
        grants.append(await begin(session_repository, owner))
        clock.move(1)
    assert hook.told == []
    assert await session_repository.renew(owner, grants[0].session_id, 0, CALLER)
    clock.move(1)

    grants.append(await begin(session_repository, owner))

    page = await session_repository.page(owner)
    listed = [session["id"] for session in page.rows]
    assert page.next_position is None, "all of them are on one page"
    assert listed == [grants[n].session_id for n in (3, 0, 2)]
    assert hook.told == [(owner, [grants[1].session_id])]
    [event] = await events(pg)
    assert (event["user_id"], event["event"]) == (owner, Event.TOKEN_REVOKED)
    ended = {"session_ids": [grants[1].session_id], "reason": "too_many"}
    assert orjson.loads(event["data"]) == ended


async def test_none_ends_for_a_session_that_does_not_begin(
    owner: int, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the new id is that of another one."""
    monkeypatch.setattr("contactsvc.accounts.sessions.repository.MAX_SESSIONS", 2)
    clock, hook = Clock(monkeypatch), Hook(pg)
    session_repository = SessionRepository(TTL, hook, MAX_AGE)
    ids = []
    for _ in range(2):
        ids.append((await begin(session_repository, owner)).session_id)
        clock.move(1)
    monkeypatch.setattr("secrets.randbits", lambda bits: ids[1])

    with pytest.raises(IntegrityError):
        await begin(session_repository, owner)

    assert hook.told == [(owner, ids[:1])], "it was about to end"
    assert await alive(pg, owner) == sorted(ids)
    assert await events(pg) == []


@pytest.mark.parametrize("active", [99, 100])
async def test_a_user_may_have_a_hundred_sessions(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection, active: int
) -> None:
    await pg.execute(
        "INSERT INTO sessions (id, user_id, counter, user_agent, ip, created_at, last_used_at,"
        " expires_at) SELECT n, $1, 0, '', '', now(), now(), now() + interval '1 hour'"
        " FROM generate_series(1, $2::int) n",
        owner,
        active,
    )

    await begin(session_repository, owner)

    assert len(await alive(pg, owner)) == 100
    assert len((await session_repository.page(owner)).rows) == 100


async def test_a_sign_in_is_one_statement_until_half_of_the_room_is_used(
    session_repository: SessionRepository,
    owner: int,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever way it goes, its event is the same."""
    monkeypatch.setattr("contactsvc.accounts.sessions.repository.MAX_SESSIONS", 4)
    begun, counts = [], []
    for _ in range(3):
        with statements() as sent:
            begun.append((await begin(session_repository, owner)).session_id)
        counts.append(len(sent))
    assert counts[:2] == [1, 1]
    assert counts[2] > 1

    query = "SELECT event, actor_id, user_id, data FROM audit_events ORDER BY id"
    noted = [(*row[:3], orjson.loads(row["data"])) for row in await pg.fetch(query)]
    expected = [(Event.LOGIN_SUCCESS, owner, owner, {"session_id": each}) for each in begun]
    assert noted == expected


async def test_sign_ins_at_once_are_not_too_many_either(
    session_repository: SessionRepository,
    owner: int,
    pg: asyncpg.Connection,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each counts what the others have begun before it."""
    monkeypatch.setattr("contactsvc.accounts.sessions.repository.MAX_SESSIONS", 2)
    await begin(session_repository, owner)
    held = "SELECT FROM users FOR NO KEY UPDATE"
    begun = await race(
        pg, postgres_url, held, *(begin(session_repository, owner) for _ in range(4))
    )
    assert len({grant.session_id for grant in begun}) == 4
    assert len(await alive(pg, owner)) == 2
