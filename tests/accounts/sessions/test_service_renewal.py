"""Renewal of a session: who gets a new token for an old one, and who is taken for a thief."""

import asyncpg
import pytest

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.model import Role
from contactsvc.platform.errors import Unauthenticated
from tests.support.clocks import Clock
from tests.support.rows import statements
from tests.support.services import CALLER, TOKENS, USERS, Log, is_alive, session_of, sign_in


async def test_a_renewal_keeps_the_session_and_counts_on(
    session_service: Sessions, grace_id: int
) -> None:
    first = await sign_in(session_service)
    second = await session_service.refresh(first.refresh_token, CALLER)
    before, after = (TOKENS.read_refresh(pair.refresh_token) for pair in (first, second))
    assert (after.session_id, after.counter) == (before.session_id, before.counter + 1)
    assert second.access_token != first.access_token


async def test_a_retry_gets_the_same_refresh_token_and_a_new_access_token(
    session_service: Sessions, grace_id: int, clock: Clock
) -> None:
    first = await sign_in(session_service)
    second = await session_service.refresh(first.refresh_token, CALLER)
    clock.move(10)
    again = await session_service.refresh(first.refresh_token, CALLER)
    assert again.refresh_token == second.refresh_token
    assert again.access_token != second.access_token
    assert await session_service.refresh(again.refresh_token, CALLER)


async def test_a_theft_is_committed_although_it_raises(
    session_service: Sessions, grace_id: int, clock: Clock, log: Log
) -> None:
    first = await sign_in(session_service)
    second = await session_service.refresh(first.refresh_token, CALLER)
    clock.move(11)
    with pytest.raises(Unauthenticated):
        await session_service.refresh(first.refresh_token, CALLER)
    about = {"session_id": session_of(first), "counter": 0, "expected": 1}
    assert await log.last() == (Event.TOKEN_REUSE, grace_id, None, about)
    assert not await is_alive(second)
    with pytest.raises(Unauthenticated):
        await session_service.refresh(second.refresh_token, CALLER)


async def test_an_expired_token_is_refused_before_anything_is_looked_up(
    session_service: Sessions, grace_id: int, clock: Clock
) -> None:
    """Even one that was used before: it cannot be told from one that somebody found."""
    first = await sign_in(session_service)
    clock.move(3599)
    second = await session_service.refresh(first.refresh_token, CALLER)
    clock.move(1)
    with statements() as seen, pytest.raises(Unauthenticated):
        await session_service.refresh(first.refresh_token, CALLER)
    assert seen == []
    assert await session_service.refresh(second.refresh_token, CALLER)


async def test_a_renewal_knows_the_newest_version(session_service: Sessions, grace_id: int) -> None:
    pair = await sign_in(session_service)
    await USERS.set_access(grace_id, role=Role.ADMIN)
    renewed = await session_service.refresh(pair.refresh_token, CALLER)
    assert TOKENS.read_access(renewed.access_token).auth_version == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET is_active = false",
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE sessions SET expires_at = now()",
        "DELETE FROM sessions",
        "DELETE FROM users",
    ],
)
async def test_who_may_no_longer_be_in_is_not_renewed(
    session_service: Sessions, grace_id: int, pg: asyncpg.Connection, change: str
) -> None:
    pair = await sign_in(session_service)
    await pg.execute(change)
    with pytest.raises(Unauthenticated):
        await session_service.refresh(pair.refresh_token, CALLER)


async def test_an_access_token_renews_nothing(session_service: Sessions, grace_id: int) -> None:
    pair = await sign_in(session_service)
    with pytest.raises(Unauthenticated):
        await session_service.refresh(pair.access_token, CALLER)
