"""App passwords in the database: found with their user, used, removed."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from contactsvc.accounts.app_passwords import repository as app_passwords
from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.app_passwords.repository import USE_INTERVAL, AppPasswordRepository
from contactsvc.accounts.app_passwords.secret import digest_of
from tests.support.app_passwords import add_app_password
from tests.support.clocks import Clock
from tests.support.session_rows import Hook


class Told:
    """Notes what is told before the commit, and how many others still see meanwhile."""

    def __init__(self, pg: asyncpg.Connection) -> None:
        self._pg = pg
        self.calls: list[tuple[int, list[int]]] = []
        self.seen: list[int] = []

    async def __call__(self, user_id: int, ids: list[int]) -> None:
        self.calls.append((user_id, ids))
        self.seen.append(await self._pg.fetchval("SELECT count(*) FROM app_passwords"))


@pytest.fixture
def told(pg: asyncpg.Connection) -> Told:
    return Told(pg)


@pytest.fixture
def repository(orm: None, told: Told) -> AppPasswordRepository:
    return AppPasswordRepository(told)


async def test_it_is_found_with_its_user_until_it_ends(
    repository: AppPasswordRepository, owner: int, pg: asyncpg.Connection
) -> None:
    ends = datetime.now(UTC) + timedelta(hours=1)
    good = await add_app_password(pg, owner, scope="read", expires_at=ends)
    ended = await add_app_password(pg, owner, expires_at=ends - timedelta(hours=2))

    found = await repository.find(owner, digest_of(good))

    assert found is not None
    user, grant = found
    assert user.id == owner
    assert grant == (owner, 1, AppPasswordScope.READ, ends)
    assert await repository.find(owner, digest_of(ended)) is None
    assert await repository.find(owner + 1, digest_of(good)) is None
    assert [row["id"] for row in await repository.all(owner)] == [1]
    assert await repository.count(owner) == 1


async def test_of_two_processes_one_writes_the_use_down(
    repository: AppPasswordRepository,
    owner: int,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock(monkeypatch)
    await add_app_password(pg, owner)
    first = clock.moment
    for seconds in (0, 1, USE_INTERVAL.total_seconds() - 1):
        clock.move(seconds)
        await repository.note_use(owner, 1)
        assert await pg.fetchval("SELECT last_used_at FROM app_passwords") == first

    clock.move(USE_INTERVAL.total_seconds())
    await repository.note_use(owner, 1)
    assert await pg.fetchval("SELECT last_used_at FROM app_passwords") == clock.moment


async def test_who_is_to_know_is_told_before_the_commit(
    repository: AppPasswordRepository, owner: int, pg: asyncpg.Connection, told: Told
) -> None:
    for _ in range(3):
        await add_app_password(pg, owner)

    assert await repository.remove(owner, only_id=2) == [2]
    assert await repository.remove(owner, only_id=2) == []
    assert await repository.remove(owner + 1) == []
    assert await repository.remove(owner) == [1, 3]

    assert told.calls == [(owner, [2]), (owner, [1, 3])]
    assert told.seen == [3, 2]
    assert await pg.fetchval("SELECT count(*) FROM app_passwords") == 0


async def test_where_that_fails_nothing_is_removed(
    orm: None, owner: int, pg: asyncpg.Connection
) -> None:
    hook = Hook(pg)
    hook.error = RuntimeError("no")
    await add_app_password(pg, owner)

    with pytest.raises(RuntimeError, match="no"):
        await AppPasswordRepository(hook).remove(owner)

    assert await pg.fetchval("SELECT count(*) FROM app_passwords") == 1


async def test_those_that_have_ended_are_purged(
    repository: AppPasswordRepository, owner: int, pg: asyncpg.Connection
) -> None:
    moment = datetime.now(UTC)
    for expires_at in (None, moment - timedelta(hours=2), moment + timedelta(hours=2)):
        await add_app_password(pg, owner, expires_at=expires_at)

    assert await app_passwords.purge(moment) == 1

    kept = [row["expires_at"] for row in await pg.fetch("SELECT * FROM app_passwords ORDER BY id")]
    assert kept == [None, moment + timedelta(hours=2)]
