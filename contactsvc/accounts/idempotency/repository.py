# ruff: noqa: S608 - the statements are made of our own names
"""Idempotency keys in the database: claimed, answered, and forgotten.

Each write is of one row, whose lock decides between those that come at the same time. A claim has a
lease, as its process may die; whoever takes it over makes the first one's answer impossible.
"""

import math
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import BATCH
from contactsvc.platform.errors import (
    Conflict,
    IdempotencyKeyReused,
    RateLimited,
    Unauthenticated,
)

TTL: Final = 24 * 3600
"""Seconds that an answer is kept."""

LEASE: Final = 60.0
"""Seconds after which a request that does not say that it is under way counts as dead."""

MAX_KEYS: Final = 10_000
"""The most keys of one user at a time."""

MAX_BYTES: Final = 128 * 1024 * 1024
"""Bytes of one user's answers, after which no key is taken."""

_CLAIM: Final = """
INSERT INTO idempotency_keys (owner_id, id, request, claim, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (owner_id, id) DO UPDATE SET request = excluded.request, claim = excluded.claim,
    expires_at = excluded.expires_at, status = NULL, headers = NULL, body = NULL
WHERE idempotency_keys.expires_at <= $6 RETURNING id
"""
_FIND: Final = """
SELECT request, status, headers, body FROM idempotency_keys
WHERE owner_id = $1 AND id = $2 AND expires_at > $3
"""
_KEPT: Final = """
SELECT count(*) AS keys, coalesce(sum(octet_length(body)), 0)::bigint AS bytes,
    min(expires_at) FILTER (WHERE status IS NOT NULL) AS first
FROM idempotency_keys WHERE owner_id = $1 AND expires_at > $2
"""
_MINE: Final = "owner_id = $1 AND id = $2 AND claim = $3 AND status IS NULL"
_RENEW: Final = f"UPDATE idempotency_keys SET expires_at = $4 WHERE {_MINE}"
_RELEASE: Final = f"DELETE FROM idempotency_keys WHERE {_MINE}"
_KEEP: Final = (
    "UPDATE idempotency_keys SET expires_at = $4, status = $5, headers = $6::text::jsonb, body = $7"
    f" WHERE {_MINE} RETURNING id"
)
_PURGE: Final = f"""
DELETE FROM idempotency_keys USING (SELECT owner_id, id FROM idempotency_keys
    WHERE expires_at < $1 ORDER BY expires_at LIMIT {BATCH}) AS due
WHERE idempotency_keys.owner_id = due.owner_id AND idempotency_keys.id = due.id
AND idempotency_keys.expires_at < $1
"""
_TRIES: Final = 3


class KeptAnswer(NamedTuple):
    """The answer to the first request with a key."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Claim(NamedTuple):
    """That a request is the first one with its key, and is worked on.

    Args:
        owner_id: The user.
        id: The SHA-256 of the key, in hex.
        token: Tells it from an earlier or later claim of the same key.
    """

    owner_id: int
    id: str
    token: str


async def claim(owner_id: int, key: str, request: str) -> Claim | KeptAnswer:
    """Claim a key of a user for a request, or return the answer that it has had.

    Args:
        owner_id: The user.
        key: The key as it was sent.
        request: The SHA-256, in hex, of what is asked.

    Raises:
        Conflict: The first request is under way.
        IdempotencyKeyReused: The first one was another request.
        RateLimited: The user has MAX_KEYS, or MAX_BYTES of answers.
        Unauthenticated: The user's account has just been deleted.
    """
    mine = Claim(owner_id, _id(key), secrets.token_hex(16))
    for _ in range(_TRIES):
        if await _insert(mine, request):
            await _check_room(mine)
            return mine
        if rows := await _run(_FIND, *mine[:2], now()):
            return _kept(rows[0], request)
        # It was released, or has expired, between the two statements.
    raise Conflict(_UNDER_WAY)


async def refuse_under_way(owner_id: int, key: str) -> None:
    """Raise Conflict if a request with a key of a user is under way, whatever it asks for."""
    rows = await _run(_FIND, owner_id, _id(key), now())
    if rows and rows[0]["status"] is None:
        raise Conflict(_UNDER_WAY)


def _id(key: str) -> str:
    return sha256(key.encode()).hexdigest()


_UNDER_WAY: Final = "A request with this Idempotency-Key is under way; send it again in a moment."


async def _insert(mine: Claim, request: str) -> bool:
    moment = now()
    lease = moment + timedelta(seconds=LEASE)
    try:
        values = [mine.owner_id, mine.id, request, mine.token, lease, moment]
        return bool(await _run(_CLAIM, *values))
    except IntegrityError as error:
        raise Unauthenticated from error


async def _check_room(mine: Claim) -> None:
    moment = now()
    (kept,) = await _run(_KEPT, mine.owner_id, moment)
    if kept["keys"] > MAX_KEYS or kept["bytes"] >= MAX_BYTES:
        await release(mine)
        wait = (kept["first"] - moment).total_seconds() if kept["first"] else LEASE
        raise RateLimited("idempotency-keys", MAX_KEYS, TTL, max(1, math.ceil(wait)))


def _kept(row: Mapping[str, Any], request: str) -> KeptAnswer:
    if row["request"] != request:
        raise IdempotencyKeyReused
    if row["status"] is None:
        raise Conflict(_UNDER_WAY)
    return KeptAnswer(row["status"], orjson.loads(row["headers"]), bytes(row["body"]))


async def renew(mine: Claim) -> None:
    """Say that the request is still under way, for LEASE seconds from now."""
    await _run(_RENEW, *mine, now() + timedelta(seconds=LEASE))


async def release(mine: Claim) -> None:
    """Let the key be claimed anew; an answer that has been kept stays."""
    await _run(_RELEASE, *mine)


async def keep(mine: Claim, answer: KeptAnswer) -> None:
    """Keep the answer for TTL seconds, in the transaction around this if there is one.

    Raises:
        Conflict: The claim has been taken over after its lease; its transaction must not commit.
    """
    expires_at = now() + timedelta(seconds=TTL)
    headers = orjson.dumps(dict(answer.headers)).decode()
    values = [*mine, expires_at, answer.status, headers, answer.body]
    if not await _run(_KEEP, *values):
        raise Conflict(_UNDER_WAY)


async def purge(moment: datetime) -> int:
    """Remove up to BATCH keys that expired before a time, and return their number."""
    count, _ = await get_connection("default").execute_query(_PURGE, [moment])
    return count


async def _run(statement: str, *values: Any) -> list[dict[str, Any]]:
    return list(await get_connection("default").execute_query_dict(statement, list(values)))
