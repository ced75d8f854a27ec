"""The cached current user, which is never stale in a way that matters.

Three keys a user, all in one hash slot of a Redis Cluster:

- ``user:{42}`` holds the user as JSON;
- ``user:{42}:floor`` holds the lowest version that may still be put there;
- ``user:{42}:session:7`` says whether that session is ``live`` or ``revoked``.

A writer raises the floor and drops the copy before its transaction commits. A reader who had loaded
the old row by then cannot put it back, because the script that fills refuses versions below the
floor. A session that is neither known as live nor as revoked is looked up in PostgreSQL, so a Redis
that was emptied revives no ended session.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson
from redis.exceptions import RedisError

from contactsvc.cache.cluster import Cluster
from contactsvc.cache.connection import TIMEOUT, Client
from contactsvc.cache.pause import Pause, Pauses
from contactsvc.metrics import USER_CACHE_REQUESTS
from contactsvc.models import CurrentUser, Role

LIVE: Final = b"live"
REVOKED: Final = b"revoked"

_HIT, _MISS, _AWAY = (USER_CACHE_REQUESTS.labels(result) for result in ("hit", "miss", "away"))

FILL: Final = """
if tonumber(ARGV[1]) < tonumber(redis.call('GET', KEYS[2]) or '0') then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
redis.call('SET', KEYS[3], 'live', 'NX', 'EX', ARGV[3])
return 1
"""

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
"""A floor that is paid late must not lower the one that another process has written since."""


def _keys(user_id: int, session_id: int) -> tuple[str, str, str]:
    user = f"user:{{{user_id}}}"
    return user, f"{user}:floor", f"{user}:session:{session_id}"


class CurrentUserCache:
    """Keeps current users in Redis for a short while.

    Args:
        redis: The client.
        ttl: Seconds that a copy may be used.
        access_ttl: Seconds that an access token lives, and so the mark of an ended session.
        timeout: Seconds in which Redis must answer, or it is away.
    """

    def __init__(self, redis: Client, ttl: int, access_ttl: int, timeout: float = TIMEOUT) -> None:
        self._redis = redis
        self._ttl = ttl
        self._access_ttl = access_ttl
        self._timeout = timeout
        self._fill = redis.register_script(FILL)
        self._put = redis.register_script(WRITE)
        self._pauses = Pauses(redis)
        self._in_slots = isinstance(redis, Cluster)
        self._owed: dict[str, _Due] = {}

    async def get(self, user_id: int, session_id: int) -> CurrentUser | None:
        """Return the user if both copy and session are known to be good, in one round trip."""
        user, _, session = _keys(user_id, session_id)
        pause = self._pauses.of(user)
        if pause.is_on or (self._owed and not await self._pay(pause)):
            _AWAY.inc()
            return None
        try:
            copy, mark = await self._redis.mget(user, session)
        except (RedisError, OSError) as error:
            pause.begin(error)
            _AWAY.inc()
            return None
        found = _load(copy) if copy is not None and mark == LIVE else None
        (_MISS if found is None else _HIT).inc()
        return found

    async def fill(self, user: CurrentUser, session_id: int) -> None:
        """Keep a user whose session was just seen alive, unless a newer version is known."""
        keys = _keys(user.id, session_id)
        pause = self._pauses.of(keys[0])
        if pause.is_on:
            return
        copy = orjson.dumps(asdict(user))
        try:
            await self._fill(keys=keys, args=[user.version, copy, self._ttl])
        except (RedisError, OSError) as error:
            pause.begin(error)

    async def invalidate(self, user_id: int, version: int) -> None:
        """Drop the copy, and refuse any older than ``version`` from now on."""
        user, floor, _ = _keys(user_id, 0)
        # Twice the time of a copy: no reader is as slow as that.
        await self._write({floor: _Entry(version, 2 * self._ttl + 60), user: GONE})

    async def revoke(self, user_id: int, session_ids: Iterable[int]) -> None:
        """Refuse the access tokens of these sessions from now on."""
        mark = _Entry(REVOKED, self._access_ttl + 60)
        await self._write({_keys(user_id, session_id)[2]: mark for session_id in session_ids})

    async def drop_all(self) -> None:
        """Drop every copy and every session known as live; what was revoked stays so.

        For the cache inside the process alone: it looks at each key.
        """
        async for key in self._redis.scan_iter("user:*"):
            if not key.endswith(b":floor") and await self._redis.get(key) != REVOKED:
                await self._redis.delete(key)

    @property
    def is_owed(self) -> bool:
        """Whether something could not be written because Redis did not answer."""
        return bool(self._owed)

    async def is_away(self) -> bool:
        """Return whether Redis does not answer."""
        try:
            async with asyncio.timeout(self._timeout):  # a new connection takes several round trips
                await self._redis.ping()
        except (RedisError, OSError):
            return True
        return False

    async def _write(self, entries: Mapping[str, "_Entry"]) -> None:
        """Write the entries of one user, and what an absent Redis is still owed.

        What cannot be written stays owed until nothing is left in Redis that it would correct. As
        long as anything is owed to a server, this process takes nothing from its cache.
        """
        moment = time.monotonic()
        self._owed |= {key: _Due(entry, moment + entry.ttl) for key, entry in entries.items()}
        if entries:
            await self._pay(self._pauses.of(next(iter(entries))))

    async def _pay(self, pause: Pause) -> bool:
        """Write what is owed to the server of this pause, and return whether that is done."""
        owed = {key: due for key, due in self._owed.items() if self._pauses.of(key) is pause}
        try:
            for keys in self._together(owed):
                # Another request may have been faster.
                left = [key for key in keys if self._owed.get(key) is owed[key]]
                if left:
                    args = [arg for key in left for arg in owed[key].entry.args]
                    await self._put(keys=left, args=args)
                for key in left:
                    if self._owed.get(key) is owed[key]:
                        del self._owed[key]
        except (RedisError, OSError) as error:
            pause.begin(error)
            moment = time.monotonic()
            self._owed = {k: d for k, d in self._owed.items() if d.until > moment}
            return False
        return True

    def _together(self, keys: Iterable[str]) -> Iterable[list[str]]:
        """Return the keys in groups that one script may write: in a Cluster, of one user each."""
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            groups[key.partition("}")[0] if self._in_slots else ""].append(key)
        return groups.values()


class _Entry(NamedTuple):
    """What a key is to hold, None for nothing, and for how many seconds that matters."""

    value: int | bytes | None
    ttl: int

    @property
    def args(self) -> tuple[int | bytes, int]:
        """What the script WRITE takes."""
        return b"" if self.value is None else self.value, self.ttl


class _Due(NamedTuple):
    """An entry that Redis may not have, and the monotonic time until which it matters."""

    entry: _Entry
    until: float


GONE: Final = _Entry(None, 3600)
"""No key; a copy lives an hour at the most."""


def _load(copy: bytes | str) -> CurrentUser | None:
    """Return the user, or None where another version of the service has written the copy."""
    try:
        fields: dict[str, Any] = orjson.loads(copy)
        fields["role"] = Role(fields["role"])
        fields["created_at"] = datetime.fromisoformat(fields["created_at"])
        return CurrentUser(**fields)
    except (LookupError, TypeError, ValueError):
        return None
