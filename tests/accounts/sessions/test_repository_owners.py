"""Sessions of different users, whose ids may be the same: none reaches another's."""

import asyncpg
import pytest

from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.rows import Grant
from contactsvc.platform.caller import Caller
from tests.support.address_books import MakeOwner
from tests.support.services import ignore
from tests.support.session_rows import events

CALLER = Caller("192.0.2.1", "pytest", "one-request")


@pytest.fixture
def session_repository(orm: None) -> SessionRepository:
    return SessionRepository(3600, ignore, 9000)


async def begin(session_repository: SessionRepository, user_id: int) -> Grant:
    grant = await session_repository.begin(user_id, 1, CALLER)
    assert grant is not None
    return grant


async def rows_of(pg: asyncpg.Connection, user_id: int) -> list[asyncpg.Record]:
    rows: list[asyncpg.Record] = await pg.fetch(
        "SELECT * FROM sessions WHERE user_id = $1 ORDER BY id", user_id
    )
    return rows


@pytest.fixture
async def three_owners(make_owner: MakeOwner, owner: int) -> list[int]:
    """The ids of three users in their order, so that one stands between two others."""
    return [owner, await make_owner(), await make_owner()]


@pytest.fixture
async def shared_id(
    session_repository: SessionRepository, three_owners: list[int], pg: asyncpg.Connection
) -> int:
    """The one id that a session of each of them has; it is unique for each user alone."""
    for user_id in three_owners:
        await begin(session_repository, user_id)
    await pg.execute("UPDATE sessions SET id = 7")
    return 7


async def test_somebody_elses_session_is_not_renewed(
    session_repository: SessionRepository, owner: int, make_owner: MakeOwner
) -> None:
    theirs, stranger = await begin(session_repository, owner), await make_owner()
    for counter in (0, 5):
        assert await session_repository.renew(stranger, theirs.session_id, counter, CALLER) is None
    assert await session_repository.renew(owner, theirs.session_id, 0, CALLER)


async def test_somebody_elses_sessions_do_not_end(
    session_repository: SessionRepository, owner: int, make_owner: MakeOwner, pg: asyncpg.Connection
) -> None:
    theirs, stranger = await begin(session_repository, owner), await make_owner()
    assert await session_repository.end(stranger) == []
    assert await session_repository.end(stranger, only_id=theirs.session_id) == []
    assert await session_repository.end(stranger, except_id=theirs.session_id) == []
    assert [row["revoked_at"] for row in await rows_of(pg, owner)] == [None]


async def test_a_renewal_reads_its_own_user(
    session_repository: SessionRepository,
    three_owners: list[int],
    shared_id: int,
    pg: asyncpg.Connection,
) -> None:
    first, middle, last = three_owners
    await pg.execute("UPDATE users SET auth_version = 5, is_active = false")
    await pg.execute("UPDATE users SET auth_version = 3, is_active = true WHERE id = $1", middle)
    grant = await session_repository.renew(middle, shared_id, 0, CALLER)
    assert grant is not None
    assert (grant.user_id, grant.auth_version) == (middle, 3)

    await pg.execute("UPDATE users SET is_active = NOT is_active")
    assert await session_repository.renew(middle, shared_id, 1, CALLER) is None
    for other in (first, last):
        grant = await session_repository.renew(other, shared_id, 0, CALLER)
        assert grant is not None
        assert (grant.user_id, grant.auth_version) == (other, 5)


async def test_a_renewal_leaves_others_with_that_id_alone(
    session_repository: SessionRepository,
    three_owners: list[int],
    shared_id: int,
    pg: asyncpg.Connection,
) -> None:
    first, middle, last = three_owners
    before = [await rows_of(pg, other) for other in (first, last)]
    assert await session_repository.renew(middle, shared_id, 0, CALLER)
    assert [row["counter"] for row in await rows_of(pg, middle)] == [1]
    assert [await rows_of(pg, other) for other in (first, last)] == before


@pytest.mark.parametrize(
    "which", [{}, {"only_id": 7}, {"except_id": 8}], ids=["all", "only", "except"]
)
async def test_an_end_leaves_others_with_that_id_alone(
    session_repository: SessionRepository,
    three_owners: list[int],
    shared_id: int,
    pg: asyncpg.Connection,
    which: dict[str, int],
) -> None:
    middle = three_owners[1]
    assert await session_repository.end(middle, **which) == [shared_id]
    alive = [[row["revoked_at"] is None for row in await rows_of(pg, o)] for o in three_owners]
    assert alive == [[True], [False], [True]]


async def test_a_theft_ends_the_session_of_its_user_alone(
    session_repository: SessionRepository,
    three_owners: list[int],
    shared_id: int,
    pg: asyncpg.Connection,
) -> None:
    middle = three_owners[1]
    assert await session_repository.renew(middle, shared_id, 9, CALLER) is None
    alive = [[row["revoked_at"] is None for row in await rows_of(pg, o)] for o in three_owners]
    assert alive == [[True], [False], [True]]
    assert [event["user_id"] for event in await events(pg)] == [middle]
