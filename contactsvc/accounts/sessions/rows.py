"""The SQL of a sign-in, which writes its session and its event as one statement."""

from typing import Final

BEGIN: Final = """
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
