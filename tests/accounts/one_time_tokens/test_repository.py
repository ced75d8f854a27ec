"""Links that work once."""

import hashlib
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

import asyncpg
import pytest

from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.one_time_tokens.repository import FoundToken
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import InvalidToken
from tests.support.address_books import MakeOwner
from tests.support.locks import race

T = TypeVar("T")

EMAIL = "grace@example.com"
USER_ROW = "SELECT FROM users FOR UPDATE"
CONFIRM, RESET = Purpose.CONFIRM_EMAIL, Purpose.RESET_PASSWORD


async def issue(owner: int, purpose: Purpose = RESET, ttl: int = 60) -> str:
    token = await one_time_tokens.issue(owner, purpose, EMAIL, ttl)
    assert token is not None
    return token


async def test_a_token_is_found_until_it_is_redeemed_and_known_after(owner: int) -> None:
    token = await issue(owner)

    found = await one_time_tokens.find(token, RESET)
    assert (found.user_id, found.email, found.used) == (owner, EMAIL, False)
    assert await one_time_tokens.redeem(owner, token, RESET)
    assert not await one_time_tokens.redeem(owner, token, RESET)
    assert (await one_time_tokens.find(token, RESET)).used


async def test_a_link_that_was_used_elsewhere_is_known_as_used_until_it_expires(
    owner: int, pg: asyncpg.Connection
) -> None:
    before, expiry = now(), now() + timedelta(hours=1)
    await one_time_tokens.add_used(owner, one_time_tokens.digest_of("x"), EMAIL, expiry)

    found = await one_time_tokens.find("x", CONFIRM)
    assert found == FoundToken(owner, EMAIL, expiry, used=True)
    assert not await one_time_tokens.redeem(owner, "x", CONFIRM)
    created, used = await pg.fetchrow("SELECT created_at, used_at FROM one_time_tokens")
    assert before <= created == used <= now()


async def test_only_the_digest_is_stored(owner: int, pg: asyncpg.Connection) -> None:
    token = await issue(owner)

    row = await pg.fetchrow("SELECT * FROM one_time_tokens")

    assert len(token) == 43, "32 random bytes"
    assert row["digest"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(dict(row))


async def test_purposes_are_kept_apart(owner: int) -> None:
    reset, confirm = await issue(owner), await issue(owner, CONFIRM)

    for token, purpose in ((reset, CONFIRM), (confirm, RESET)):
        with pytest.raises(InvalidToken):
            await one_time_tokens.find(token, purpose)
        assert not await one_time_tokens.redeem(owner, token, purpose)
    assert await one_time_tokens.redeem(owner, reset, RESET)


async def test_a_new_one_kills_the_earlier_of_its_purpose_alone(owner: int) -> None:
    first, confirm, second = await issue(owner), await issue(owner, CONFIRM), await issue(owner)

    with pytest.raises(InvalidToken):
        await one_time_tokens.find(first, RESET)
    await one_time_tokens.find(second, RESET)
    await one_time_tokens.find(confirm, CONFIRM)


@pytest.mark.parametrize("token", ["", "x" * 43, "\ud800", "é"])
async def test_unknown_ones_are_invalid(owner: int, token: str) -> None:
    with pytest.raises(InvalidToken):
        await one_time_tokens.find(token, RESET)


async def test_expired_ones_are_invalid_and_purged(owner: int, pg: asyncpg.Connection) -> None:
    expired, alive = await issue(owner, ttl=-1), await issue(owner, CONFIRM)

    with pytest.raises(InvalidToken):
        await one_time_tokens.find(expired, RESET)
    assert not await one_time_tokens.redeem(owner, expired, RESET)
    assert await one_time_tokens.purge(now()) == 1
    await one_time_tokens.find(alive, CONFIRM)


async def test_revoked_ones_are_invalid(owner: int) -> None:
    reset, confirm = await issue(owner), await issue(owner, CONFIRM)

    await one_time_tokens.revoke(owner, RESET, Purpose.CHANGE_EMAIL)

    with pytest.raises(InvalidToken):
        await one_time_tokens.find(reset, RESET)
    await one_time_tokens.find(confirm, CONFIRM)


async def test_a_used_one_stays_known_when_others_are_revoked(owner: int) -> None:
    """Whoever follows a link twice is told that it was used, not that there is none."""
    used = await issue(owner)
    assert await one_time_tokens.redeem(owner, used, RESET)
    await issue(owner)

    await one_time_tokens.revoke(owner, RESET)

    assert (await one_time_tokens.find(used, RESET)).used


async def test_none_is_issued_where_access_has_changed(owner: int) -> None:
    assert await one_time_tokens.issue(owner, RESET, EMAIL, 60, auth_version=1)
    assert await one_time_tokens.issue(owner, RESET, EMAIL, 60, auth_version=2) is None
    assert await one_time_tokens.issue(owner + 1, RESET, EMAIL, 60) is None


async def test_only_ones_own_are_revoked(owner: int, make_owner: MakeOwner) -> None:
    others = [await make_owner(), await make_owner()]
    mine = await issue(others[0])
    theirs = [await issue(owner), await issue(others[1])]

    await one_time_tokens.revoke(others[0], RESET)

    with pytest.raises(InvalidToken):
        await one_time_tokens.find(mine, RESET)
    for token in theirs:
        await one_time_tokens.find(token, RESET)


async def test_a_new_one_leaves_those_of_others_good(owner: int, make_owner: MakeOwner) -> None:
    theirs = await issue(await make_owner())

    await issue(owner)

    await one_time_tokens.find(theirs, RESET)


async def in_transaction(work: Awaitable[T]) -> T:
    """Do as the services do."""
    async with transaction():
        return await work


async def test_of_those_issued_at_once_the_last_one_is_good(
    owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    issues = [in_transaction(issue(owner)) for _ in range(3)]
    tokens = await race(pg, postgres_url, USER_ROW, *issues)
    good = [token for token in tokens if await is_good(token)]
    assert len(good) == 1


async def is_good(token: str) -> bool:
    try:
        await one_time_tokens.find(token, RESET)
    except InvalidToken:
        return False
    return True


async def test_none_is_issued_where_access_changes_meanwhile(
    owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    new = in_transaction(one_time_tokens.issue(owner, RESET, EMAIL, 60, auth_version=1))
    change = "UPDATE users SET auth_version = 2"
    assert await race(pg, postgres_url, change, new) == [None]


async def test_of_those_who_redeem_at_once_one_does(
    owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    token = await issue(owner)
    tries = [in_transaction(one_time_tokens.redeem(owner, token, RESET)) for _ in range(3)]
    held = "SELECT FROM one_time_tokens FOR UPDATE"
    assert sorted(await race(pg, postgres_url, held, *tries)) == [False, False, True]


async def test_the_user_is_locked_before_the_token(
    owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Whoever changes a user and then their tokens would wait for who waits for them."""
    token = await issue(owner)

    async def the_token_is_free() -> None:
        assert await pg.fetch("SELECT FROM one_time_tokens FOR UPDATE NOWAIT")

    redeeming = in_transaction(one_time_tokens.redeem(owner, token, RESET))
    redeemed = await race(pg, postgres_url, USER_ROW, redeeming, meanwhile=the_token_is_free)
    assert redeemed == [True]
