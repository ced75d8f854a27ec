"""Rate limits for passwords, mails, and calls of any kind.

Hits are counted in fixed windows: in Redis, so that all processes count together
(:mod:`contactsvc.platform.redis.shared_counts`); in this process for signed-in users, whose
requests have no round trip to spare, and, with half the limits, where Redis does not answer. Keys
name nobody: they hold a SHA-256 sum, or the id of a user.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Final

from limits import RateLimitItem, parse_many
from redis.exceptions import RedisError

from contactsvc.platform.errors import RateLimited
from contactsvc.platform.metrics import THROTTLED_REQUESTS
from contactsvc.platform.redis.circuit_breaker import CircuitBreakers
from contactsvc.platform.redis.connection import TIMEOUT, Client
from contactsvc.platform.redis.process_counts import ProcessCounts
from contactsvc.platform.redis.shared_counts import Hit, Refusal, SharedCounts, Tiers


class Policy(StrEnum):
    """The rate limits, by their names in the RateLimit headers."""

    LOGIN_ADDRESS = "login-address"
    LOGIN_ACCOUNT = "login-account"
    MAIL_ADDRESS = "mail-address"
    MAIL_ACCOUNT = "mail-account"
    DATA_EXPORT = "data-export"
    IMPORT = "import"
    EXPORT = "export"
    BIRTHDAY_FEED = "birthday-feed"
    BIRTHDAY_FEED_ADDRESS = "birthday-feed-address"
    USER = "user"
    SYNC = "sync"
    NEW_APP_PASSWORD = "new-app-password"  # noqa: S105
    APP_PASSWORD_ADDRESS = "app-password-address"  # noqa: S105 - a policy, not a password
    UNSUBSCRIBE = "unsubscribe"
    APP_PASSWORD_ACCOUNT = "app-password-account"  # noqa: S105


GROWING: Final = frozenset({Policy.LOGIN_ACCOUNT, Policy.MAIL_ACCOUNT})
"""Policies whose wait grows with persistence: not those by address, which many people may share."""

IN_PROCESS: Final = frozenset({Policy.USER, Policy.SYNC})
"""Policies of requests that are too many to count in Redis: each process counts by itself."""

GROWTH: Final = ((1, 1), (2, 6), (4, 36))
"""Tiers as (factor on hits, factor on window): 1x in 1 window, 2x in 6, 4x in 36.

Every hit counts in all tiers.
"""

_REFUSED: Final = {policy: THROTTLED_REQUESTS.labels(policy) for policy in Policy}


class Throttle:
    """Counts hits and refuses those past a limit. A refusal always ends: no window is prolonged.

    Args:
        limits: The limit of each policy, in the notation of ``limits``.
        redis: Client of the Redis in which all processes count; None counts in this process
            alone.
        timeout: Seconds that Redis may take to count.
    """

    def __init__(
        self, limits: Mapping[Policy, str], redis: Client | None, timeout: float = TIMEOUT
    ) -> None:
        self._timeout = timeout
        self._tiers = {policy: tiers_of(policy, text) for policy, text in limits.items()}
        self._strict = {p: [_stricter(tier) for tier in t] for p, t in self._tiers.items()}
        self._own = ProcessCounts()
        self._shared = SharedCounts(redis) if redis is not None else None
        self._breakers = CircuitBreakers(redis)

    async def hit(self, policy: Policy, key: str) -> None:
        """Count a hit.

        Args:
            policy: The limit that the hit counts against.
            key: Who is counted: an address, an e-mail in its normal form, or the id of a user.

        Raises:
            RateLimited: The limit is exceeded.
        """
        hit = self._hit(0, policy, key)
        if self._shared is None or policy in IN_PROCESS:
            _raise(_count_here(self._own, [hit]))
        else:
            _raise(await self._count(self._shared, [hit]))

    async def check(self, policy: Policy, key: str) -> None:
        """Refuse what :meth:`hit` would refuse, and count nothing.

        Raises:
            RateLimited: The limit is used up.
        """
        hit = self._hit(0, policy, key)
        if self._shared is None or policy in IN_PROCESS:
            _raise(_count_here(self._own, [hit], count=False))
        else:
            _raise(await self._count(self._shared, [hit], count=False))

    async def hit_all(self, tries: Iterable[tuple[Policy, str]]) -> None:
        """Count one request under several policies, in at most two round trips.

        Policies count in the given order, up to the first that refuses.

        Args:
            tries: Policies and keys as for :meth:`hit`, but none that is IN_PROCESS.

        Raises:
            RateLimited: One of the limits is exceeded.
        """
        hits = [self._hit(place, policy, key) for place, (policy, key) in enumerate(tries)]
        if self._shared is None:
            _raise(_count_here(self._own, hits))
            return
        first = None
        groups = self._shared.group(hits)
        if len(groups) > 1:
            # The nodes of a Cluster count side by side, but what stands behind a refusal must not
            # count: all are asked before what they would refuse.
            first = await self._count_side_by_side(self._shared, groups, count=False)
            groups = self._shared.group(hits[: first.hit.place] if first else hits)
        _raise(await self._count_side_by_side(self._shared, groups) or first)

    async def clear(self, policy: Policy, key: str) -> None:
        """Forget the hits that were counted under a key."""
        hit = self._hit(0, policy, key)
        if len(self._own):  # which is rare beside a Redis that answers
            for tier in (*hit.tiers, *self._strict[policy]):
                self._own.clear((policy, hit.key, tier))
        breaker = self._breakers.of(hit.key)
        if self._shared is None or breaker.is_open:
            return
        try:
            async with asyncio.timeout(self._timeout):
                await self._shared.clear(hit)
        except (RedisError, OSError) as error:
            breaker.trip(error)

    def _hit(self, place: int, policy: Policy, key: str) -> Hit:
        # The id of a user is no secret, and is in memory alone; the hash is more than the rest.
        hidden = key if policy in IN_PROCESS else _digest(key)
        return Hit(place, policy, hidden, self._tiers[policy])

    async def _count_side_by_side(
        self, shared: SharedCounts, groups: Sequence[Sequence[Hit]], *, count: bool = True
    ) -> Refusal | None:
        """Return the first refusal of all groups."""
        if len(groups) == 1:  # a task of its own would cost as much as the round trip
            return await self._count(shared, groups[0], count=count)
        counts = (self._count(shared, hits, count=count) for hits in groups)
        refusals = [refusal for refusal in await asyncio.gather(*counts) if refusal]
        return min(refusals, key=lambda refusal: refusal.hit.place, default=None)

    async def _count(
        self, shared: SharedCounts, hits: Sequence[Hit], *, count: bool = True
    ) -> Refusal | None:
        """Count hits that one server holds, or here, with half the limits, while it is away."""
        breaker = self._breakers.of(hits[0].key)
        if not breaker.is_open:
            try:
                # A time limit over all round trips: a server that does not know the script yet
                # costs more than one, and each alone may be just in time.
                async with asyncio.timeout(self._timeout):
                    return await shared.hit(hits, count=count)
            except (RedisError, OSError) as error:
                breaker.trip(error)
        strict = [hit._replace(tiers=self._strict[Policy(hit.policy)]) for hit in hits]
        return _count_here(self._own, strict, count=count)


def tiers_of(policy: Policy, text: str) -> Tiers:
    """Return the limits that a setting means.

    Of a policy that grows, one limit is the first tier and the others follow from it. Whoever
    writes several limits has decided on the growth already.
    """
    tiers = parse_many(text)
    if policy not in GROWING or len(tiers) > 1:
        return tiers
    return [type(tiers[0])(tiers[0].amount * a, tiers[0].multiples * w) for a, w in GROWTH]


def _stricter(tier: RateLimitItem) -> RateLimitItem:
    """Return half of a limit: of several processes, each counts alone now."""
    return type(tier)(max(1, tier.amount // 2), tier.multiples)


def _digest(key: str) -> str:
    # The braces keep all its counts on one node of a Cluster.
    return f"{{{sha256(key.encode()).hexdigest()}}}"


def _count_here(
    counts: ProcessCounts, hits: Sequence[Hit], *, count: bool = True
) -> Refusal | None:
    """Do what :meth:`SharedCounts.hit` does, in this process; nothing else runs meanwhile."""
    for hit in hits:
        # What is refused must not count towards the longer waits, nor for the hits behind it.
        full = counts.hit([(hit.policy, hit.key, tier) for tier in hit.tiers], count=count)
        if full:
            return Refusal.longest(hit, list(full), full.values())
    return None


def _raise(refusal: Refusal | None) -> None:
    if refusal is not None:
        hit, tier, wait = refusal
        _REFUSED[Policy(hit.policy)].inc()
        raise RateLimited(hit.policy, tier.amount, tier.get_expiry(), wait)
