"""The current user while PostgreSQL does not answer: one that was known, or none."""

import time
from dataclasses import replace

import pytest

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.current_user.service import get_current_user
from contactsvc.accounts.security.tokens import AccessClaims
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.errors import Unauthenticated, Unavailable
from contactsvc.platform.redis.connection import connect
from tests.accounts.current_user.test_cache import user
from tests.support.cached_users import fill
from tests.support.services import ignore

LONG = 3000
"""Seconds that a test does not see the end of."""

CLAIMS = AccessClaims(42, 7, auth_version=2)


class Away(UserRepository):
    """A PostgreSQL that does not answer."""

    def __init__(self) -> None:
        super().__init__(ignore, address_books)

    async def current(self, user_id: int, session_id: int) -> CurrentUser | None:
        raise Unavailable


@pytest.fixture
async def cache() -> CurrentUserCache:
    """One whose lease has expired, with a copy of a user in session 7."""
    lease = Lease()
    cache = CurrentUserCache(connect(None), LONG, LONG, lease=lease)
    await fill(cache, user(2), 7)
    lease.renew(time.monotonic() - LONG, ())
    return cache


async def test_who_was_known_last_is_let_in(cache: CurrentUserCache) -> None:
    assert await get_current_user(CLAIMS, cache, Away()) == user(2)


async def test_who_has_changed_since_the_copy_has_to_wait(cache: CurrentUserCache) -> None:
    with pytest.raises(Unavailable):
        await get_current_user(replace(CLAIMS, auth_version=3), cache, Away())


async def test_a_token_that_is_older_than_the_copy_is_refused(cache: CurrentUserCache) -> None:
    with pytest.raises(Unauthenticated):
        await get_current_user(replace(CLAIMS, auth_version=1), cache, Away())


async def test_what_must_be_fresh_has_to_wait(cache: CurrentUserCache) -> None:
    with pytest.raises(Unavailable):
        await get_current_user(CLAIMS, cache, Away(), fresh=True)


@pytest.mark.parametrize("unknown", [{"user_id": 43}, {"session_id": 8}])
async def test_who_is_not_known_has_to_wait(
    cache: CurrentUserCache, unknown: dict[str, int]
) -> None:
    with pytest.raises(Unavailable):
        await get_current_user(replace(CLAIMS, **unknown), cache, Away())


async def test_where_no_process_has_a_lease_all_have_to_wait() -> None:
    cache = CurrentUserCache(connect(None), LONG, LONG)
    await fill(cache, user(2), 7)
    with pytest.raises(Unavailable):
        await get_current_user(replace(CLAIMS, session_id=8), cache, Away())
