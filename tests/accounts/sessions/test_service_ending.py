"""Sign-out and the end of single sessions, on real tables and with real tokens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.service import Scope, Sessions
from contactsvc.platform.errors import NotFound
from tests.support.services import CALLER, Log, is_alive, session_of, sign_in


@pytest.mark.parametrize(
    ("scope", "alive"),
    [(Scope.LOCAL, [False, True]), (Scope.OTHERS, [True, False]), (Scope.GLOBAL, [False, False])],
)
async def test_signing_out(
    session_service: Sessions, grace_id: int, log: Log, scope: Scope, alive: list[bool]
) -> None:
    pairs = [await sign_in(session_service), await sign_in(session_service)]
    await session_service.sign_out(grace_id, session_of(pairs[0]), scope, CALLER)
    assert [await is_alive(pair) for pair in pairs] == alive
    ended = sorted(session_of(pair) for pair, lives in zip(pairs, alive, strict=True) if not lives)
    assert await log.last() == (Event.TOKEN_REVOKED, grace_id, grace_id, {"session_ids": ended})
    left = [session["id"] for session in (await session_service.page(grace_id)).rows]
    assert left == [session_of(pair) for pair, lives in zip(pairs, alive, strict=True) if lives]


async def test_signing_out_of_nothing_is_no_event(
    session_service: Sessions, grace_id: int, log: Log
) -> None:
    pair = await sign_in(session_service)
    await session_service.sign_out(grace_id, session_of(pair), Scope.OTHERS, CALLER)
    assert (await log.last())[0] == Event.LOGIN_SUCCESS


async def test_ending_one_session(session_service: Sessions, grace_id: int, log: Log) -> None:
    pairs = [await sign_in(session_service), await sign_in(session_service)]
    await session_service.revoke(grace_id, session_of(pairs[1]), CALLER)
    assert [await is_alive(pair) for pair in pairs] == [True, False]
    about = {"session_ids": [session_of(pairs[1])]}
    assert await log.last() == (Event.TOKEN_REVOKED, grace_id, grace_id, about)


@asynccontextmanager
async def full_log(pg: asyncpg.Connection) -> AsyncIterator[None]:
    """Let the audit log take no more events."""
    await pg.execute("ALTER TABLE audit_events ADD CONSTRAINT is_full CHECK (false) NOT VALID")
    try:
        yield
    finally:
        await pg.execute("ALTER TABLE audit_events DROP CONSTRAINT is_full")


async def test_no_session_begins_or_ends_that_cannot_be_noted(
    session_service: Sessions, grace_id: int, pg: asyncpg.Connection
) -> None:
    pair = await sign_in(session_service)
    async with full_log(pg):
        with pytest.raises(IntegrityError):
            await sign_in(session_service)
        with pytest.raises(IntegrityError):
            await session_service.revoke(grace_id, session_of(pair), CALLER)
    assert [session["id"] for session in (await session_service.page(grace_id)).rows] == [
        session_of(pair)
    ]
    assert await is_alive(pair)


Which = Callable[[int, int], tuple[int, int]]


@pytest.mark.parametrize(
    ("which", "change"),
    [
        (lambda user_id, session_id: (user_id, session_id + 1), "SELECT 1"),
        (lambda user_id, session_id: (user_id + 1, session_id), "SELECT 1"),
        (lambda user_id, session_id: (user_id, session_id), "UPDATE sessions SET expires_at=now()"),
        (lambda user_id, session_id: (user_id, session_id), "UPDATE sessions SET revoked_at=now()"),
    ],
    ids=["missing", "somebody else's", "expired", "ended"],
)
async def test_what_is_not_ones_own_or_alive_cannot_be_ended(
    session_service: Sessions,
    grace_id: int,
    pg: asyncpg.Connection,
    log: Log,
    which: Which,
    change: str,
) -> None:
    pair = await sign_in(session_service)
    await pg.execute(change)
    lived = await is_alive(pair)
    with pytest.raises(NotFound):
        await session_service.revoke(*which(grace_id, session_of(pair)), CALLER)
    assert (await log.last())[0] == Event.LOGIN_SUCCESS
    assert await is_alive(pair) == lived
