"""Redis is told, or else PostgreSQL with the change, and then the answer waits."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.current_user import repository as pending_invalidations
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.invalidation import Invalidation, track_invalidations
from contactsvc.accounts.current_user.lease import EXPIRY_WAIT
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.redis.connection import connect
from tests.support.loop_clock import LoopClock

pytestmark = pytest.mark.usefixtures("orm")

ROWS = "SELECT user_id, version, session_id FROM pending_invalidations ORDER BY id"


def invalidation(url: str | None) -> Invalidation:
    return Invalidation(CurrentUserCache(connect(url), 60, 900))


async def test_what_redis_was_told_is_pending_nowhere(pg: asyncpg.Connection) -> None:
    work = track_invalidations()
    told = invalidation(None)
    await told.user_changed(42, 2)
    await told.sessions_ended(42, [7])
    assert await pg.fetch(ROWS) == []
    assert not work.is_pending


async def test_what_redis_was_not_told_is_pending(pg: asyncpg.Connection) -> None:
    away = invalidation("redis://127.0.0.1:1/0")
    for change in (away.user_changed(42, 2), away.sessions_ended(42, iter([7, 8]))):
        work = track_invalidations()
        await change
        assert work.is_pending
    await asyncio.create_task(away.user_changed(43, 1))  # whatever happens beside a request
    rows = [tuple(row) for row in await pg.fetch(ROWS)]
    assert rows == [(42, 2, None), (42, None, 7), (42, None, 8), (43, 1, None)]


async def test_it_is_applied_when_all_earlier_leases_have_run_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = asyncio.Event()

    async def answers() -> None:
        asked.set()

    monkeypatch.setattr(pending_invalidations, "reach_postgresql", answers)
    work = track_invalidations()
    await work.wait_until_applied()  # at once: there is nothing
    assert not asked.is_set()
    work.is_pending = True
    clock = LoopClock()
    waiting = asyncio.create_task(work.wait_until_applied())
    for _ in range(3):
        await asyncio.sleep(0)
    assert not waiting.done()
    assert not asked.is_set(), "PostgreSQL must answer after the wait"
    clock.move(EXPIRY_WAIT)
    await waiting
    assert asked.is_set()


async def test_without_postgresql_nobody_knows_whether_the_others_have_learnt_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away() -> None:
        raise Unavailable

    monkeypatch.setattr(pending_invalidations, "reach_postgresql", away)
    work = track_invalidations()
    work.is_pending = True
    clock = LoopClock()
    waiting = asyncio.create_task(work.wait_until_applied())
    await asyncio.sleep(0)
    clock.move(EXPIRY_WAIT)
    with pytest.raises(Unavailable):
        await waiting
