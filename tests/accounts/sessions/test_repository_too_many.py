"""One user's sessions have an end, and so has their list."""

import asyncpg
import orjson
import pytest

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.repository import SessionRepository
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock
from tests.support.locks import race
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
    assert orjson.loads(event["data"])["session_ids"] == [grants[1].session_id]


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
