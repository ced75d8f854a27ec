"""Sign-ins and their ends at the same moment: whoever comes second waits for the row."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.rows import Grant
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction
from tests.support.clocks import Clock
from tests.support.locks import passes, race, waiting
from tests.support.rows import statements

TTL, MAX_AGE = 3600, 9000
CALLER = Caller("192.0.2.1", "pytest", "one-request")
AT_ONCE = 4


@pytest.fixture
def told() -> list[tuple[int, list[int]]]:
    """The users and sessions that the cache has been told of."""
    return []


@pytest.fixture
def session_repository(orm: None, told: list[tuple[int, list[int]]]) -> SessionRepository:
    async def hook(user_id: int, session_ids: list[int]) -> None:
        told.append((user_id, session_ids))

    return SessionRepository(TTL, hook, MAX_AGE)


@pytest.fixture
async def grant(session_repository: SessionRepository, owner: int) -> Grant:
    """What the only session's first refresh token was made of."""
    grant = await session_repository.begin(owner, 1, CALLER)
    assert grant is not None
    return grant


ROW = "SELECT FROM sessions FOR UPDATE"


async def test_of_renewals_at_once_one_rotates_and_all_get_its_successor(
    session_repository: SessionRepository,
    grant: Grant,
    pg: asyncpg.Connection,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Clock(monkeypatch)
    renewals = [
        session_repository.renew(grant.user_id, grant.session_id, 0, CALLER) for _ in range(AT_ONCE)
    ]
    with statements() as sent:
        first, *others = await race(pg, postgres_url, ROW, *renewals)

    assert isinstance(first, Grant)
    assert others == [first] * (AT_ONCE - 1)
    assert first.counter == await pg.fetchval("SELECT counter FROM sessions") == 1
    assert sum(query.startswith('UPDATE "sessions"') for query, _ in sent) == 1


async def test_a_session_that_expires_during_the_wait_is_not_renewed(
    session_repository: SessionRepository,
    owner: int,
    pg: asyncpg.Connection,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    grant = await session_repository.begin(owner, 1, CALLER)
    assert grant is not None

    async def expire() -> None:
        clock.moment = grant.expires_at

    renewal = session_repository.renew(owner, grant.session_id, 0, CALLER)
    assert await race(pg, postgres_url, ROW, renewal, meanwhile=expire) == [None]


async def test_a_session_that_ends_during_the_wait_is_not_renewed(
    session_repository: SessionRepository, grant: Grant, pg: asyncpg.Connection, postgres_url: str
) -> None:
    end = "UPDATE sessions SET revoked_at = now()"
    renewal = session_repository.renew(grant.user_id, grant.session_id, 0, CALLER)
    assert await race(pg, postgres_url, end, renewal) == [None]
    assert await pg.fetchval("SELECT counter FROM sessions") == 0


async def test_of_ends_at_once_one_has_ended_it(
    session_repository: SessionRepository,
    grant: Grant,
    told: list[tuple[int, list[int]]],
    pg: asyncpg.Connection,
    postgres_url: str,
) -> None:
    ends = [session_repository.end(grant.user_id) for _ in range(AT_ONCE)]
    ended = await race(pg, postgres_url, ROW, *ends)
    assert sorted(ended) == [[]] * (AT_ONCE - 1) + [[grant.session_id]]
    assert sorted(told) == [(grant.user_id, [])] * (AT_ONCE - 1) + [
        (grant.user_id, [grant.session_id])
    ]


async def test_an_end_waits_for_a_renewal_and_ends_what_it_made(
    session_repository: SessionRepository, grant: Grant, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """One that was about to expire is alive again, and so its end is told."""
    await pg.execute("UPDATE sessions SET expires_at = now()")
    renew = f"UPDATE sessions SET expires_at = now() + interval '{TTL} seconds'"
    assert await race(pg, postgres_url, renew, session_repository.end(grant.user_id)) == [
        [grant.session_id]
    ]


async def test_sessions_are_locked_in_the_order_of_their_ids(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Two who end the same ones would each have what the other waits for."""
    for session_id in (30, 20, 10):
        await pg.execute(
            "INSERT INTO sessions (id, user_id, counter, user_agent, ip, created_at, last_used_at,"
            " expires_at) VALUES ($1, $2, 0, '', '', now(), now(), $3)",
            session_id,
            owner,
            (await pg.fetchval("SELECT now()")) + timedelta(hours=1),
        )

    async def the_others_are_free() -> None:
        others = "SELECT id FROM sessions WHERE id > 10 FOR UPDATE NOWAIT"
        assert len(await pg.fetch(others)) == 2

    first = "SELECT FROM sessions WHERE id = 10 FOR UPDATE"
    [ended] = await race(
        pg, postgres_url, first, session_repository.end(owner), meanwhile=the_others_are_free
    )
    assert ended == [10, 20, 30]


async def test_a_sign_in_waits_for_a_change_under_way(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """A password change that ends all sessions must not be overtaken by one more session."""
    change = "UPDATE users SET auth_version = 2"
    assert await race(pg, postgres_url, change, session_repository.begin(owner, 1, CALLER)) == [
        None
    ]
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0


async def test_a_change_waits_for_a_sign_in_under_way(
    session_repository: SessionRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """A password change ends the sessions that it sees."""
    writer = await asyncpg.connect(postgres_url)
    async with transaction():
        assert await session_repository.begin(owner, 1, CALLER)
        changing = asyncio.ensure_future(writer.execute("UPDATE users SET auth_version = 2"))
        await waiting(pg, [changing])
    await changing
    await writer.close()
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 1


@pytest.mark.parametrize("most", [100, 1], ids=["few sessions", "many sessions"])
async def test_a_sign_in_does_not_wait_for_a_contact_that_is_being_added(
    session_repository: SessionRepository,
    owner: int,
    pg: asyncpg.Connection,
    postgres_url: str,
    monkeypatch: pytest.MonkeyPatch,
    most: int,
) -> None:
    """A long import would keep its owner out. Who has many sessions is locked to count them."""
    monkeypatch.setattr("contactsvc.accounts.sessions.repository.MAX_SESSIONS", most)
    writer = await asyncpg.connect(postgres_url)
    async with writer.transaction():
        await writer.execute(
            "INSERT INTO contacts (owner_id, first_name, last_name, notes, first_name_key,"
            " last_name_key, version, created_at, updated_at)"
            " VALUES ($1, 'Ada', '', '', 'ada', '', 1, now(), now())",
            owner,
        )
        assert await passes(pg, session_repository.begin(owner, 1, CALLER))
    await writer.close()
