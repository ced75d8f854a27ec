"""What is remembered of an app password never lets a revoked one in."""

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository, Grant
from contactsvc.accounts.app_passwords.sign_in import AppPasswordSignIn, Attempt
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.database import database
from contactsvc.platform.errors import Unauthenticated, Unavailable
from contactsvc.platform.redis.connection import Client
from contactsvc.platform.redis.throttle import Policy, Throttle
from tests.support.accounts import add_account
from tests.support.app_passwords import add_app_password
from tests.support.services import CALLER, ignore
from tests.support.waiting import PATIENCE

PLENTY = dict.fromkeys(Policy, "1000/hour")
EMAIL = "grace@example.com"


class Reader(AppPasswordRepository):
    """Reads PostgreSQL, may be stopped after its SELECT, and may find PostgreSQL away."""

    def __init__(self) -> None:
        super().__init__(ignore)
        self.is_away = False
        self.has_read = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()
        self.reads = 0

    async def find(self, user_id: int, digest: str) -> tuple[CurrentUser, Grant] | None:
        if self.is_away:
            raise Unavailable
        self.reads += 1
        found = await super().find(user_id, digest)
        self.has_read.set()
        await self.may_go_on.wait()
        return found


@pytest.fixture
def lease() -> Lease:
    lease = Lease()
    lease.renew(time.monotonic() + 1e6, set())
    return lease


@pytest.fixture
def cache(redis: Client, lease: Lease) -> CurrentUserCache:
    return CurrentUserCache(redis, 3600, access_ttl=900, timeout=PATIENCE, lease=lease)


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def sign_in(reader: Reader, cache: CurrentUserCache) -> AppPasswordSignIn:
    return AppPasswordSignIn(reader, cache, Throttle(PLENTY, None))


@pytest.fixture
async def attempt(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[Attempt]:
    """The right e-mail and app password of somebody; the ORM is open around the test."""
    async with database(postgres_url, pool_size=4):
        user_id = await add_account(pg, EMAIL)
        yield Attempt(await add_app_password(pg, user_id), "192.0.2.1", EMAIL)


async def revoke(cache: CurrentUserCache, pg: asyncpg.Connection) -> None:
    """Revoke as another process does: before the commit the cache is told."""
    async with pg.transaction():
        user_id, password_id = await pg.fetchrow("DELETE FROM app_passwords RETURNING user_id, id")
        assert await cache.revoke(user_id, [password_id])


async def test_it_is_read_until_redis_has_it_and_then_no_more(
    attempt: Attempt, sign_in: AppPasswordSignIn, reader: Reader
) -> None:
    for _ in range(5):
        user, _ = await sign_in.sign_in(attempt, CALLER)
        assert user.email == EMAIL

    assert reader.reads <= 2  # the first request may not know the run of Redis yet


async def test_a_revoked_one_is_refused_by_who_remembers_it(
    attempt: Attempt, sign_in: AppPasswordSignIn, cache: CurrentUserCache, pg: asyncpg.Connection
) -> None:
    for _ in range(3):
        await sign_in.sign_in(attempt, CALLER)

    await revoke(cache, pg)

    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(attempt, CALLER)


async def test_a_slow_reader_does_not_revive_it(
    attempt: Attempt,
    sign_in: AppPasswordSignIn,
    reader: Reader,
    cache: CurrentUserCache,
    pg: asyncpg.Connection,
) -> None:
    """A request reads the row; it is revoked; then the request stores what it has read."""
    await cache.get(1, 1)  # from here on the run of Redis is known
    reader.may_go_on.clear()
    async with asyncio.TaskGroup() as tasks:
        slow = tasks.create_task(sign_in.sign_in(attempt, CALLER))
        await reader.has_read.wait()
        await revoke(cache, pg)
        reader.may_go_on.set()
    assert slow.done()

    with pytest.raises(Unauthenticated):
        await sign_in.sign_in(attempt, CALLER)


async def test_without_postgresql_a_valid_copy_will_do(
    attempt: Attempt, sign_in: AppPasswordSignIn, reader: Reader, lease: Lease
) -> None:
    for _ in range(3):
        await sign_in.sign_in(attempt, CALLER)
    reader.is_away = True
    lease.renew(float("-inf"), set())  # as nobody can renew it without PostgreSQL

    user, grant = await sign_in.sign_in(attempt, CALLER)
    assert (user.email, grant.user_id) == (EMAIL, user.id)

    lease.note_redis_failure()
    with pytest.raises(Unavailable):
        await sign_in.sign_in(attempt, CALLER)


async def test_without_postgresql_nobody_new_comes_in(
    attempt: Attempt, sign_in: AppPasswordSignIn, reader: Reader
) -> None:
    reader.is_away = True

    with pytest.raises(Unavailable):
        await sign_in.sign_in(attempt, CALLER)
