"""The cache of current users in Redis.

Three keys for each user, all in one hash slot of a Redis Cluster:

- ``user:{42}`` has the user as JSON, after the id of the run of Redis in which it is valid;
- ``user:{42}:floor`` has the lowest version that may still be stored;
- ``user:{42}:session:7`` is ``live:`` with the id of the run of Redis, or ``revoked``. An app
  password has such a key, too, as its id comes from the same range.

A writer raises the floor and deletes the copy before its transaction commits. A reader that loaded
the row before cannot store it any more, because the script FILL refuses versions below the floor. A
session that is neither live nor revoked is looked up in PostgreSQL, so that an emptied Redis does
not revive an ended session. Invalidations that Redis did not take are stored in PostgreSQL, and no
process uses a copy without having read them (:mod:`contactsvc.accounts.current_user.lease`).
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from redis.exceptions import RedisError

from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.platform.metrics import USER_CACHE_REQUESTS
from contactsvc.platform.redis.circuit_breaker import CircuitBreaker, CircuitBreakers
from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import TIMEOUT, Client
from contactsvc.platform.redis.pipelining import commands_of
from contactsvc.platform.redis.run_ids import RunIds

LIVE: Final = b"live:"
REVOKED: Final = b"revoked"

_HIT, _MISS, _AWAY = (USER_CACHE_REQUESTS.labels(result) for result in ("hit", "miss", "away"))

FILL: Final = """
if tonumber(ARGV[1]) < tonumber(redis.call('GET', KEYS[2]) or '0') then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
local mark = redis.call('GET', KEYS[3])
if mark ~= 'revoked' and mark ~= ARGV[4] then
    redis.call('SET', KEYS[3], ARGV[4], 'EX', ARGV[3])
end
return 1
"""
"""Stores a user's copy, unless the floor is higher, and marks a session as live, unless revoked."""

WRITE: Final = """
for i, key in ipairs(KEYS) do
    local value, ttl = ARGV[2 * i - 1], ARGV[2 * i]
    if value == '' then
        redis.call('DEL', key)
    elseif not (key:sub(-6) == ':floor'
                and tonumber(redis.call('GET', key) or '0') > tonumber(value)) then
        redis.call('SET', key, value, 'EX', ttl)
    end
end
"""
"""Writes keys. A delayed retry must not lower a floor that another process has raised meanwhile."""


class Change(NamedTuple):
    """An invalidation: of a user's copies or of a session; the other one is None.

    Args:
        user_id: The user who has changed, or whose session has ended.
        version: Copies below this version are invalid.
        session_id: The session that has ended.
    """

    user_id: int
    version: int | None = None
    session_id: int | None = None


def _keys(user_id: int, session_id: int) -> tuple[str, str, str]:
    user = f"user:{{{user_id}}}"
    return user, f"{user}:floor", f"{user}:session:{session_id}"


class CurrentUserCache:
    """Caches current users in Redis for a short time.

    Args:
        redis: The client, before its first command.
        ttl: Seconds that a copy is valid.
        access_ttl: Seconds that an access token is valid, and so the mark of an ended session.
        timeout: Seconds in which Redis must answer, else it counts as unavailable.
        lease: Says of which users the copies may be used. None allows all of them, where no other
            process changes users.
    """

    def __init__(
        self,
        redis: Client,
        ttl: int,
        access_ttl: int,
        timeout: float = TIMEOUT,
        lease: Lease | None = None,
    ) -> None:
        self._redis = redis
        self._ttl = ttl
        self._access_ttl = access_ttl
        self._timeout = timeout
        self._lease = lease
        self._commands = commands_of(redis)
        self._run_ids = RunIds(redis, self._commands.drop)
        self._fill_script = self._commands.script(FILL)
        self._write_script = self._commands.script(WRITE)
        self._breakers = CircuitBreakers(redis)
        self._in_slots = isinstance(redis, Cluster)

    async def get(self, user_id: int, session_id: int) -> CurrentUser | None:
        """Return the user if the copy is valid and the session live; it is one round trip."""
        if self._lease is not None and not self._lease.allows(user_id):
            _AWAY.inc()
            return None
        found = await self._read(user_id, session_id)
        # The lease may have expired meanwhile.
        return found if self._lease is None or self._lease.allows(user_id) else None

    async def get_without_postgresql(self, user_id: int, session_id: int) -> CurrentUser | None:
        """Do as :meth:`get` with a lease that may have expired, as PostgreSQL does not answer."""
        if self._lease is None or not self._lease.allows_without_postgresql(user_id):
            return None
        found = await self._read(user_id, session_id)
        return found if self._lease.allows_without_postgresql(user_id) else None

    def run_id(self, user_id: int) -> bytes | None:
        """Return the id of the run of Redis that stores a user's copy; None where it is unknown."""
        return self._run_ids.of(_keys(user_id, 0)[0])

    async def fill(self, user: CurrentUser, session_id: int, run_id: bytes | None) -> None:
        """Store a copy of a user and mark the session as live, unless a newer version is known.

        Args:
            user: The user as just read from PostgreSQL.
            session_id: A session of theirs, active when they were read.
            run_id: The run of Redis before PostgreSQL was read: a later run may lack invalidations
                made since. With None nothing is stored.
        """
        keys = _keys(user.id, session_id)
        breaker = self._breakers.of(keys[0])
        if breaker.is_open or run_id is None:
            return
        copy = run_id + orjson.dumps(asdict(user))
        try:
            await self._fill_script(keys, [user.version, copy, self._ttl, LIVE + run_id])
        except (RedisError, OSError) as error:
            self._fail(breaker, error)

    async def invalidate(self, user_id: int, version: int) -> bool:
        """Delete the copy, and refuse versions below ``version`` from now on.

        Returns:
            Whether Redis has taken it.
        """
        changes = [Change(user_id, version=version)]
        return await self.apply(changes) == changes

    async def revoke(self, user_id: int, session_ids: Iterable[int]) -> bool:
        """Mark sessions as revoked, so that their access tokens are refused.

        Returns:
            Whether Redis has taken all of it.
        """
        changes = [Change(user_id, session_id=session_id) for session_id in session_ids]
        return await self.apply(changes) == changes

    async def apply(self, changes: Iterable[Change]) -> list[Change]:
        """Apply invalidations to Redis, delayed ones too, and return those that it has taken."""
        applied: list[Change] = []
        for together in self._together(changes):
            entries = [entry for change in together for entry in self._entries(change)]
            breaker = self._breakers.of(entries[0].key)
            if not breaker.is_open and await self._write(entries, breaker):
                applied += together
        return applied

    async def drop_all(self) -> None:
        """Delete all copies and all marks of live sessions; revoked ones stay revoked.

        Only for the in-process cache, as it reads every key.
        """
        async for key in self._redis.scan_iter("user:*"):
            if not key.endswith(b":floor") and await self._redis.get(key) != REVOKED:
                await self._redis.delete(key)

    async def is_away(self) -> bool:
        """Return whether Redis does not answer within the timeout."""
        try:
            async with asyncio.timeout(self._timeout):  # a new connection takes several round trips
                await self._redis.ping()
        except (RedisError, OSError):
            return True
        return False

    async def _read(self, user_id: int, session_id: int) -> CurrentUser | None:
        user, _, session = _keys(user_id, session_id)
        breaker = self._breakers.of(user)
        if breaker.is_open:
            _AWAY.inc()
            return None
        try:
            copy, mark = await self._commands.mget(user, session)
        except (RedisError, OSError) as error:
            self._fail(breaker, error)
            _AWAY.inc()
            return None
        run_id = self._run_ids.of(user)  # it may have changed with this very round trip
        found = _load(copy, run_id) if run_id is not None and mark == LIVE + run_id else None
        (_MISS if found is None else _HIT).inc()
        return found

    async def _write(self, entries: Sequence["_Entry"], breaker: CircuitBreaker) -> bool:
        keys = [entry.key for entry in entries]
        args = [arg for entry in entries for arg in (entry.value, entry.ttl)]
        try:
            await self._write_script(keys, args)
        except (RedisError, OSError) as error:
            self._fail(breaker, error)
            return False
        return True

    def _fail(self, breaker: CircuitBreaker, error: Exception) -> None:
        breaker.trip(error)
        if self._lease is not None:
            self._lease.note_redis_failure()

    def _entries(self, change: Change) -> Iterator["_Entry"]:
        user, floor, session = _keys(change.user_id, change.session_id or 0)
        if change.version is not None:
            # Longer than a copy is valid, so that a slow reader meets the floor.
            yield _Entry(floor, change.version, 2 * self._ttl + 60)
            yield _Entry(user, b"", 0)
        if change.session_id is not None:
            yield _Entry(session, REVOKED, self._access_ttl + 60)

    def _together(self, changes: Iterable[Change]) -> Iterable[list[Change]]:
        """Group changes by what one script may write: in a Redis Cluster, the keys of one user."""
        groups: defaultdict[int, list[Change]] = defaultdict(list)
        for change in changes:
            groups[change.user_id if self._in_slots else 0].append(change)
        return groups.values()


class _Entry(NamedTuple):
    """The new value of a key, or b"" to delete it, and its time to live in seconds."""

    key: str
    value: int | bytes
    ttl: int


@lru_cache(maxsize=1024)
def _load(copy: bytes | None, run_id: bytes) -> CurrentUser | None:
    """Parse a copy; return None where there is none, or another release or run has written it.

    The same bytes give the same user, who is immutable: some 2 MB at the most.
    """
    if copy is None or not copy.startswith(run_id):
        return None
    try:
        fields: dict[str, Any] = orjson.loads(copy[len(run_id) :])
        fields["role"] = Role(fields["role"])
        fields["created_at"] = datetime.fromisoformat(fields["created_at"])
        return CurrentUser(**fields)
    except (LookupError, TypeError, ValueError):
        return None
