"""The row of a new session, mostly written in one statement with the event of its sign-in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg
import orjson

from contactsvc.accounts.audit.model import AuditData, Event
from contactsvc.accounts.sessions.model import Session
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.compiled import CompiledInsert
from contactsvc.platform.database.statements import current_client

_BEGIN: Final = """
WITH account AS (
    SELECT id FROM users WHERE id = $1 AND auth_version = $2 FOR NO KEY UPDATE
), active AS (
    SELECT count(*) AS sessions FROM sessions
    WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $4
), session AS (
    INSERT INTO sessions
        (user_id, id, counter, user_agent, ip, created_at, last_used_at, expires_at)
    SELECT account.id, $3::bigint, 0, $6::varchar, $7::varchar, $4, $4, $5::timestamptz
    FROM account, active WHERE active.sessions < $8::bigint
    RETURNING user_id
)
INSERT INTO audit_events (at, event, actor_id, user_id, ip, request_id, data)
SELECT $4, $9::varchar, user_id, user_id, $7, $10::varchar, $11::jsonb FROM session
RETURNING user_id
"""
"""Adds a session and its event, and gives the user's id; no row where the user is gone, has another
``auth_version`` or no room.

Parameters: user, ``auth_version``, session, the time, its expiry, user agent, address, how many
active sessions leave no room, event, request id, and the event's data.

Locking the account lets a password change either see the session and end it, or be seen here.
Sessions that others begin meanwhile are not counted.
"""

_ADD: Final = CompiledInsert(
    Session,
    (
        "id",
        "user_id",
        "counter",
        "user_agent",
        "ip",
        "created_at",
        "last_used_at",
        "expires_at",
    ),
)


@dataclass(frozen=True)
class Grant:
    """What a session's tokens are made of. The same row gives the same grant.

    Args:
        user_id: The user who is signed in.
        session_id: The session, unique for one user.
        counter: Number of the current refresh token, 0 or more.
        auth_version: The user's ``auth_version``, as it has just been read.
        issued_at: Time at which that refresh token was first issued.
        expires_at: Time at which the session ends unless it is renewed.
    """

    user_id: int
    session_id: int
    counter: int
    auth_version: int
    issued_at: datetime
    expires_at: datetime


async def add_with_event(grant: Grant, caller: Caller, most: int) -> bool:
    """Store a session and the event of its sign-in, in one statement outside of a transaction.

    Returns:
        False where the user is gone, has another ``auth_version``, or ``most`` active sessions, and
        where the database cannot do it at once, as Citus may not with tables of three kinds.
    """
    data = orjson.dumps(AuditData(session_id=grant.session_id)).decode()
    values = (
        grant.user_id, grant.auth_version, grant.session_id, grant.issued_at, grant.expires_at,
        _user_agent(caller), caller.ip, most, Event.LOGIN_SUCCESS, caller.request_id, data,
    )  # fmt: skip
    try:
        return bool(await current_client().fetch(_BEGIN, values))
    except asyncpg.FeatureNotSupportedError:
        return False


async def add(grant: Grant, caller: Caller) -> None:
    """Store a session."""
    await _ADD.run(
        grant.session_id, grant.user_id, grant.counter, _user_agent(caller), caller.ip,
        grant.issued_at, grant.issued_at, grant.expires_at,
    )  # fmt: skip


def _user_agent(caller: Caller) -> str:
    # aiohttp gives bytes that are no UTF-8 as lone surrogates.
    return caller.user_agent[:255].encode("utf-8", "replace").decode()
