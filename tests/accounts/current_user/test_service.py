"""The cached current user: fast when known, and never an old one put back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict

import asyncpg
import orjson
import pytest

from contactsvc.accounts.current_user.cache import LIVE, CurrentUserCache
from contactsvc.accounts.current_user.service import get_current_user
from contactsvc.accounts.security.tokens import AccessClaims
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.caller import Caller
from contactsvc.platform.database import database
from contactsvc.platform.errors import Unauthenticated
from contactsvc.platform.redis.connection import Client
from tests.support.services import ignore
from tests.support.waiting import PATIENCE

TTL = 3600


class NaiveCache(CurrentUserCache):
    """Fills as most would: with a plain SET."""

    async def fill(self, user: CurrentUser, session_id: int, run_id: bytes | None) -> None:
        assert run_id
        copy = run_id + orjson.dumps(asdict(user))
        await self._redis.set(f"user:{{{user.id}}}", copy, ex=TTL)
        await self._redis.set(f"user:{{{user.id}}}:session:{session_id}", LIVE + run_id, ex=TTL)


class SlowReader(UserRepository):
    """Stops between its SELECT and what follows, until it is told to go on."""

    def __init__(self) -> None:
        super().__init__(ignore, address_books)
        self.has_read = asyncio.Event()
        self.may_go_on = asyncio.Event()

    async def current(self, user_id: int, session_id: int) -> CurrentUser | None:
        user = await super().current(user_id, session_id)
        self.has_read.set()
        await self.may_go_on.wait()
        return user


@pytest.fixture
def cache(redis: Client) -> CurrentUserCache:
    return CurrentUserCache(redis, TTL, access_ttl=900, timeout=PATIENCE)


@pytest.fixture
def naive(redis: Client) -> NaiveCache:
    return NaiveCache(redis, TTL, access_ttl=900, timeout=PATIENCE)


@pytest.fixture
async def claims(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[AccessClaims]:
    """The claims of a confirmed user's access token; the ORM is open around the test."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(database(postgres_url, pool_size=4))
        users = UserRepository(ignore, address_books)
        user_id = await users.create("grace@example.com", "a hash", "Grace")
        grant = await SessionRepository(900, ignore, 900).begin(user_id, 1, Caller())
        assert grant is not None
        yield AccessClaims(user_id, grant.session_id, auth_version=1)


async def test_a_miss_fills_and_a_hit_needs_no_postgresql(
    claims: AccessClaims, cache: CurrentUserCache
) -> None:
    read = await get_current_user(claims, cache, UserRepository(cache.invalidate, address_books))

    assert await get_current_user(claims, cache, NoDatabase()) == read


class NoDatabase(UserRepository):
    """Fails the test when it is asked."""

    def __init__(self) -> None:
        super().__init__(ignore, address_books)

    async def current(self, user_id: int, session_id: int) -> CurrentUser | None:
        pytest.fail("PostgreSQL was asked")


async def test_no_password_hash_is_kept(
    claims: AccessClaims, cache: CurrentUserCache, redis: Client
) -> None:
    await get_current_user(claims, cache, UserRepository(cache.invalidate, address_books))

    values = [str(await redis.get(key)) async for key in redis.scan_iter()]
    assert values
    assert not any("hash" in value for value in values)


async def _role_after_race(
    claims: AccessClaims, cache: CurrentUserCache, *, within_transaction: bool
) -> Role:
    """Let a reader load the row, a writer change it, and the reader fill; return the role cached.

    With within_transaction the reader fills while the writer is between floor and commit.
    """
    reader = SlowReader()
    reading = asyncio.create_task(get_current_user(claims, cache, reader))
    await reader.has_read.wait()

    async def before_commit(user_id: int, version: int) -> None:
        await cache.invalidate(user_id, version)
        if within_transaction:
            reader.may_go_on.set()
            await reading

    await UserRepository(before_commit, address_books).set_access(claims.user_id, role=Role.ADMIN)
    reader.may_go_on.set()
    await reading
    claims_now = AccessClaims(claims.user_id, claims.session_id, auth_version=2)
    # Asked with an old token's version, so that a stale copy is not found out by the new one's.
    kept = await cache.get(claims.user_id, claims.session_id)
    return kept.role if kept else (await get_current_user(claims_now, cache, reader)).role


@pytest.mark.parametrize("within_transaction", [False, True])
async def test_a_slow_reader_cannot_put_the_old_row_back(
    claims: AccessClaims, cache: CurrentUserCache, within_transaction: bool
) -> None:
    role = await _role_after_race(claims, cache, within_transaction=within_transaction)

    assert role is Role.ADMIN


@pytest.mark.parametrize("within_transaction", [False, True])
async def test_a_plain_set_would_put_it_back(
    claims: AccessClaims, naive: NaiveCache, within_transaction: bool
) -> None:
    role = await _role_after_race(claims, naive, within_transaction=within_transaction)

    assert role is Role.USER, "the race is not there any more: the test above proves nothing"


async def _change(users: UserRepository, user_id: int, change: str) -> None:
    changes: dict[str, Callable[[], Awaitable[object]]] = {
        "role": lambda: users.set_access(user_id, role=Role.ADMIN),
        "password": lambda: users.set_password(user_id, "another hash"),
        "is_active": lambda: users.set_access(user_id, is_active=False),
        "confirmed": lambda: users.confirm(user_id),
        "name": lambda: users.edit(user_id, {"name": "Admiral"}),
    }
    await changes[change]()


@pytest.mark.parametrize("change", ["role", "password", "is_active", "confirmed", "name"])
async def test_every_change_drops_the_copy(
    claims: AccessClaims, cache: CurrentUserCache, change: str
) -> None:
    users = UserRepository(cache.invalidate, address_books)
    await get_current_user(claims, cache, users)

    await _change(users, claims.user_id, change)

    assert await cache.get(claims.user_id, claims.session_id) is None
    changed = await users.get(claims.user_id)
    assert changed.version == 2
    assert changed.auth_version == (1 if change == "name" else 2)


@pytest.mark.parametrize("change", ["role", "password", "is_active", "confirmed"])
async def test_a_token_from_before_a_change_of_access_is_refused(
    claims: AccessClaims, cache: CurrentUserCache, change: str
) -> None:
    users = UserRepository(cache.invalidate, address_books)
    await _change(users, claims.user_id, change)
    await users.set_access(claims.user_id, is_active=True)  # it is not refused for being disabled

    with pytest.raises(Unauthenticated):
        await get_current_user(claims, cache, users)


@pytest.mark.parametrize("fresh", [False, True])
async def test_who_is_disabled_is_nobody_whatever_the_version(
    claims: AccessClaims, cache: CurrentUserCache, pg: asyncpg.Connection, fresh: bool
) -> None:
    """As where somebody has disabled the account in PostgreSQL by hand."""
    await pg.execute("UPDATE users SET is_active = false")
    users = UserRepository(cache.invalidate, address_books)

    for _ in range(2):  # the second time by the copy
        with pytest.raises(Unauthenticated):
            await get_current_user(claims, cache, users, fresh=fresh)


async def test_a_token_newer_than_the_copy_is_believed(
    claims: AccessClaims, cache: CurrentUserCache, redis: Client
) -> None:
    """A copy that survived because Redis was away during the change is found out by its version."""
    users = UserRepository(cache.invalidate, address_books)
    await get_current_user(claims, cache, users)
    await UserRepository(ignore, address_books).set_access(claims.user_id, role=Role.ADMIN)

    newer = AccessClaims(claims.user_id, claims.session_id, auth_version=2)

    assert (await get_current_user(newer, cache, users)).role is Role.ADMIN


async def test_fresh_does_not_ask_the_cache(claims: AccessClaims, cache: CurrentUserCache) -> None:
    users = UserRepository(ignore, address_books)  # leaves the copy alone
    await get_current_user(claims, cache, users)
    await users.edit(claims.user_id, {"name": "Admiral"})

    user = await get_current_user(claims, cache, users, fresh=True)

    assert user.name == "Admiral"


async def test_an_ended_session_is_refused_even_by_an_emptied_redis(
    claims: AccessClaims, cache: CurrentUserCache, redis: Client
) -> None:
    users = UserRepository(cache.invalidate, address_books)
    session_service = SessionRepository(900, cache.revoke, 900)
    grant = await session_service.begin(claims.user_id, 1, Caller())
    assert grant is not None
    other = AccessClaims(claims.user_id, grant.session_id, 1)
    await session_service.end(claims.user_id, only_id=claims.session_id)
    await redis.flushdb()
    await get_current_user(other, cache, users)  # the user is cached again, by another session

    with pytest.raises(Unauthenticated):
        await get_current_user(claims, cache, users)


async def test_a_reader_cannot_revive_a_session_that_is_ended_meanwhile(
    claims: AccessClaims, cache: CurrentUserCache
) -> None:
    reader = SlowReader()
    reading = asyncio.create_task(get_current_user(claims, cache, reader))
    await reader.has_read.wait()
    await SessionRepository(900, cache.revoke, 900).end(claims.user_id)
    reader.may_go_on.set()
    await reading

    with pytest.raises(Unauthenticated):
        await get_current_user(claims, cache, UserRepository(cache.invalidate, address_books))


async def test_ending_a_session_ends_its_cached_access_at_once(
    claims: AccessClaims, cache: CurrentUserCache
) -> None:
    users = UserRepository(cache.invalidate, address_books)
    await get_current_user(claims, cache, users)
    await SessionRepository(900, cache.revoke, 900).end(claims.user_id, only_id=claims.session_id)

    with pytest.raises(Unauthenticated):
        await get_current_user(claims, cache, users)


async def test_nobody_is_nobody(claims: AccessClaims, cache: CurrentUserCache) -> None:
    unknown = AccessClaims(claims.user_id + 1, claims.session_id, auth_version=1)

    with pytest.raises(Unauthenticated):
        await get_current_user(unknown, cache, UserRepository(cache.invalidate, address_books))
