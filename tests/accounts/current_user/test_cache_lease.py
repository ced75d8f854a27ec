"""The lease follows PostgreSQL, and Redis is told what is pending there."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.current_user import repository as pending_invalidations
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.cache_lease import RENEWED_EVERY, CacheLease
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.current_user.pending_invalidations import (
    LIMIT,
    Pending,
    PendingInvalidations,
)
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.redis.connection import connect
from tests.accounts.current_user.test_cache import user
from tests.support.cached_users import fill
from tests.support.loop_clock import LoopClock
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.usefixtures("orm")

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
async def pending(postgres_url: str) -> AsyncIterator[PendingInvalidations]:
    pending = PendingInvalidations(postgres_url)
    yield pending
    pending.close()


class Fails(PendingInvalidations):
    """A PostgreSQL that fails, which is asked for nothing."""

    def __init__(self, error: Exception) -> None:
        super().__init__("")
        self.error = error

    async def read(self) -> list[Pending]:
        raise self.error


def lease_on(redis_url: str | None, pending: PendingInvalidations) -> tuple[Lease, CacheLease]:
    lease = Lease()
    cache = CurrentUserCache(connect(redis_url, PATIENCE), 60, 900, PATIENCE, lease)
    return lease, CacheLease(lease, cache, pending)


async def test_nobody_is_covered_of_whom_something_is_pending(
    pending: PendingInvalidations, pg: asyncpg.Connection
) -> None:
    await pending_invalidations.put_user(42, 2)
    lease, cache_lease = lease_on(AWAY, pending)
    clock = LoopClock()
    async with cache_lease.running():
        assert lease.allows_without_postgresql(43)
        assert not lease.allows_without_postgresql(42)
        await pg.execute("DELETE FROM pending_invalidations")
        clock.move(RENEWED_EVERY)
        await until(lambda: lease.allows(42))


async def test_where_too_much_is_pending_nobody_is_covered(
    pending: PendingInvalidations, pg: asyncpg.Connection
) -> None:
    await pg.execute(
        "INSERT INTO pending_invalidations (user_id, version, expires_at)"
        " SELECT n, 1, now() + interval '1 hour' FROM generate_series(1, $1::int) n",
        LIMIT,
    )
    lease, cache_lease = lease_on(AWAY, pending)
    await cache_lease.renew()
    assert not lease.allows(LIMIT + 1)


async def test_redis_is_told_what_is_pending(
    pending: PendingInvalidations, pg: asyncpg.Connection
) -> None:
    cache = CurrentUserCache(connect(None), 60, 900)
    for session_id in (7, 8):
        await fill(cache, user(1), session_id)
    await pending_invalidations.put_sessions(42, [7])
    await pending_invalidations.put_user(42, 2)
    async with CacheLease(Lease(), cache, pending).running(), asyncio.timeout(60):
        while await pg.fetchval("SELECT count(*) FROM pending_invalidations"):
            await asyncio.sleep(0.01)  # PostgreSQL does not tell
    await fill(cache, user(2), 8)
    assert await cache.get(42, 8) == user(2)
    assert await cache.get(42, 7) is None


async def test_without_postgresql_there_is_no_lease_and_a_failed_redis_is_not_trusted() -> None:
    lease, well = lease_on(None, Fails(Unavailable()))
    lease.renew(0, ())
    await well.renew()
    assert not lease.allows(42)
    assert lease.allows_without_postgresql(42)

    lease, away = lease_on(AWAY, Fails(Unavailable()))
    lease.renew(0, ())
    await away.renew()
    assert not lease.allows_without_postgresql(42)


async def test_what_fails_otherwise_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    lease, cache_lease = lease_on(None, Fails(KeyError("a secret")))
    for _ in range(3):
        await cache_lease.renew()
    assert not lease.allows_without_postgresql(42)
    [line] = caplog.messages
    assert "KeyError" in line
    assert "secret" not in line


async def test_a_redis_that_cannot_be_told_is_told_later(
    pending: PendingInvalidations, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pending_invalidations.put_user(42, 2)
    cache = CurrentUserCache(connect(None), 60, 900)
    apply, failed = cache.apply, asyncio.Event()

    async def fail(changes: Any) -> Any:
        monkeypatch.setattr(cache, "apply", apply)
        failed.set()
        raise KeyError

    monkeypatch.setattr(cache, "apply", fail)
    clock = LoopClock()
    async with CacheLease(Lease(), cache, pending).running(), asyncio.timeout(60):
        await failed.wait()
        clock.move(RENEWED_EVERY)
        while await pg.fetchval("SELECT count(*) FROM pending_invalidations"):
            await asyncio.sleep(0.01)  # PostgreSQL does not tell
