"""Links that work once."""

import asyncio
import hashlib

import asyncpg
import pytest

from contactsvc.errors import InvalidToken
from contactsvc.models import Purpose
from contactsvc.repositories import one_time_tokens

EMAIL = "grace@example.com"
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


async def test_of_many_at_once_one_redeems(owner: int) -> None:
    token = await issue(owner)

    tries = (one_time_tokens.redeem(owner, token, RESET) for _ in range(20))
    results = await asyncio.gather(*tries)

    assert sorted(results) == [False] * 19 + [True]


async def test_only_the_digest_is_stored(owner: int, pg: asyncpg.Connection) -> None:
    token = await issue(owner)

    row = await pg.fetchrow("SELECT * FROM one_time_tokens")

    assert len(token) >= 43, "32 random bytes"
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
    assert await one_time_tokens.purge() == 1
    await one_time_tokens.find(alive, CONFIRM)


async def test_revoked_ones_are_invalid(owner: int) -> None:
    reset, confirm = await issue(owner), await issue(owner, CONFIRM)

    await one_time_tokens.revoke(owner, RESET, Purpose.CHANGE_EMAIL)

    with pytest.raises(InvalidToken):
        await one_time_tokens.find(reset, RESET)
    await one_time_tokens.find(confirm, CONFIRM)


async def test_none_is_issued_where_access_has_changed(owner: int) -> None:
    assert await one_time_tokens.issue(owner, RESET, EMAIL, 60, auth_version=1)
    assert await one_time_tokens.issue(owner, RESET, EMAIL, 60, auth_version=2) is None
    assert await one_time_tokens.issue(owner + 1, RESET, EMAIL, 60) is None
