"""Counts in Redis, of all limits that a request has to keep at once.

The library ``limits`` looks at one window at a time, and asks again to count in it: a sign-in would
wait for Redis eleven times, one after the other. The script here does what its strategy for fixed
windows does, for all windows in one round trip, and nobody comes between looking and counting. The
keys are named as the library names them, so older releases that count with it count together with
this one.
"""

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, Self

from limits import RateLimitItem

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import Client
from contactsvc.platform.redis.pipelining import commands_of

PREFIX: Final = "throttle"
"""Begins every key in Redis."""

COUNT: Final = """
local refusing, refused = {}, math.huge
for i, key in ipairs(KEYS) do
    local place, amount = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
    if place > refused then break end
    if tonumber(redis.call('GET', key) or '0') >= amount then
        refused = place
        table.insert(refusing, i)
        table.insert(refusing, redis.call('TTL', key))
    end
end
if ARGV[1] == 'count' then
    for i, key in ipairs(KEYS) do
        if tonumber(ARGV[3 * i - 1]) >= refused then break end
        if redis.call('INCR', key) == 1 then redis.call('EXPIRE', key, ARGV[3 * i + 1]) end
    end
end
return refusing
"""
"""The keys are the windows of several hits, one hit after the other. The arguments are whether to
count, and for each key the place of its hit, the amount that is allowed and the window's seconds.

It returns those windows of the first refused hit that are full, with the seconds left of each.
"""

Tiers = Sequence[RateLimitItem]


class Hit(NamedTuple):
    """A try that counts against the limits of a policy.

    Args:
        place: Its place among the request's hits, from 0. After a refused one none is counted.
        key: SHA-256 of who is counted, between braces: all its windows are in one slot of a
            Cluster.
        tiers: The limits, each a window of its own.
    """

    place: int
    policy: str
    key: str
    tiers: Tiers


class Refusal(NamedTuple):
    """A hit that does not count, because a window is full.

    Args:
        tier: The full limit whose window ends last.
        wait: Seconds until its window ends, between 1 and the length of the window.
    """

    hit: Hit
    tier: RateLimitItem
    wait: int

    @classmethod
    def longest(cls, hit: Hit, tiers: Tiers, seconds: Iterable[float]) -> Self:
        """Return the refusal with the longest wait.

        Args:
            hit: Only passed on into the refusal.
            tiers: The limits of the hit whose windows are full.
            seconds: Seconds left of the window of each.
        """
        # Redis tells full seconds and may have rounded half a second down.
        waits = (max(1, math.ceil(left + 0.5)) for left in seconds)
        ends = [
            (min(tier.get_expiry(), wait), tier) for tier, wait in zip(tiers, waits, strict=True)
        ]
        wait, tier = max(ends, key=lambda end: end[0])
        return cls(hit, tier, wait)


class SharedCounts:
    """Counts in the Redis that all processes share."""

    def __init__(self, redis: Client) -> None:
        self._in_slots = isinstance(redis, Cluster)
        self._commands = commands_of(redis)
        self._count = self._commands.script(COUNT)

    def group(self, hits: Sequence[Hit]) -> list[list[Hit]]:
        """Return hits in groups that one script may count: in a Cluster, of one slot each."""
        if not self._in_slots:
            return [list(hits)] if hits else []
        groups: dict[str, list[Hit]] = {}
        for hit in hits:
            groups.setdefault(hit.key, []).append(hit)
        return list(groups.values())

    async def hit(self, hits: Sequence[Hit], *, count: bool = True) -> Refusal | None:
        """Count hits up to the first one that is refused, in one round trip.

        Args:
            hits: A group, in their order.
            count: False only looks which one would be refused.

        Returns:
            The first refusal; None where every hit is allowed.

        Raises:
            RedisError: Redis cannot count.
            OSError: It cannot be reached.
        """
        windows = [(hit, tier) for hit in hits for tier in hit.tiers]
        args: list[Any] = ["count" if count else "look"]
        for hit, tier in windows:
            args += hit.place, tier.amount, tier.get_expiry()
        full = await self._count([_name(hit, tier) for hit, tier in windows], args)
        if not full:
            return None
        refused = [windows[number - 1] for number in full[::2]]
        return Refusal.longest(refused[0][0], [tier for _, tier in refused], full[1::2])

    async def clear(self, hit: Hit) -> None:
        """Forget what was counted, in one round trip.

        Raises:
            RedisError: Redis cannot forget it.
            OSError: It cannot be reached.
        """
        await self._commands.delete(*(_name(hit, tier) for tier in hit.tiers))


def _name(hit: Hit, tier: RateLimitItem) -> str:
    return f"{PREFIX}:{tier.key_for(hit.policy, hit.key)}"
