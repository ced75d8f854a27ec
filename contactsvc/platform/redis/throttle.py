"""Slows down whoever tries too often: passwords, mails, and calls of any kind.

Hits are counted with the library ``limits`` in fixed windows: in Redis, so that all processes count
together; in this process for signed-in users, whose requests have no round trip to spare; and, with
half the limits, where Redis does not answer. Keys name nobody: they hold SHA-256 sums.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from limits import RateLimitItem, parse_many
from limits.aio.storage import RedisClusterStorage, RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import FixedWindowRateLimiter
from redis.exceptions import RedisError

from contactsvc.platform.clock import now
from contactsvc.platform.errors import RateLimited
from contactsvc.platform.metrics import THROTTLED_REQUESTS
from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import TIMEOUT, Client
from contactsvc.platform.redis.pause import Pauses
from contactsvc.platform.redis.process_storage import ProcessStorage


class Policy(StrEnum):
    """What is counted, by the name it has in the RateLimit headers."""

    LOGIN_ADDRESS = "login-address"
    LOGIN_ACCOUNT = "login-account"
    MAIL_ADDRESS = "mail-address"
    MAIL_ACCOUNT = "mail-account"
    USER = "user"


GROWING: Final = frozenset({Policy.LOGIN_ACCOUNT, Policy.MAIL_ACCOUNT})
"""Where the wait grows with persistence. Many people may share an address, so there it does not."""

GROWTH: Final = ((1, 1), (2, 6), (4, 36))
"""So many times the hits are allowed in so many times the window; all of them count at once."""

PREFIX: Final = "throttle"
"""Begins every key in Redis."""

Tiers = Sequence[RateLimitItem]

_REFUSED: Final = {policy: THROTTLED_REQUESTS.labels(policy) for policy in Policy}


class Throttle:
    """Counts hits and refuses those past a limit. A refusal always ends: no window is prolonged.

    Args:
        limits: The limit of each policy, in the notation of ``limits``.
        redis: Where all processes count together; None is in this process alone.
        timeout: Seconds that Redis may take to count a hit.
    """

    def __init__(
        self, limits: Mapping[Policy, str], redis: Client | None, timeout: float = TIMEOUT
    ) -> None:
        self._timeout = timeout
        self._tiers = {policy: tiers_of(policy, text) for policy, text in limits.items()}
        self._strict = {p: [_stricter(tier) for tier in t] for p, t in self._tiers.items()}
        self._own = FixedWindowRateLimiter(ProcessStorage())
        self._shared = _in_redis(redis) if redis is not None else None
        self._pauses = Pauses(redis)

    async def hit(self, policy: Policy, key: str) -> None:
        """Count a hit.

        Args:
            policy: What for.
            key: Whose: an address, an e-mail in its normal form, the id of a user.

        Raises:
            RateLimited: It is one too many.
        """
        key = _hidden(key)
        if self._shared is None or policy is Policy.USER:
            await _hit(self._own, policy, self._tiers[policy], key)
            return
        pause = self._pauses.of(key)
        if not pause.is_on:
            try:
                # Each of its many round trips may be slow enough not to fail.
                async with asyncio.timeout(self._timeout):
                    await _hit(self._shared, policy, self._tiers[policy], key)
            except (RedisError, OSError) as error:
                pause.begin(error)
            else:
                return
        await _hit(self._own, policy, self._strict[policy], key)

    async def clear(self, policy: Policy, key: str) -> None:
        """Forget the hits that were counted under a key."""
        key = _hidden(key)
        for tier in (*self._tiers[policy], *self._strict[policy]):
            await self._own.clear(tier, policy, key)
        pause = self._pauses.of(key)
        if self._shared is None or pause.is_on:
            return
        try:
            async with asyncio.timeout(self._timeout):
                for tier in self._tiers[policy]:
                    await self._shared.clear(tier, policy, key)
        except (RedisError, OSError) as error:
            pause.begin(error)


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


def _hidden(key: str) -> str:
    # The braces keep all its counts on one node of a Cluster.
    return f"{{{sha256(key.encode()).hexdigest()}}}"


class _ClusterStorage(RedisClusterStorage):
    """Counts through a client that is there already; the library would make another one."""

    STORAGE_SCHEME: Any = None
    bridge: RedispyBridge

    def __init__(self, cluster: Cluster) -> None:
        self._cluster: Any = cluster
        super().__init__("async+redis+cluster://", implementation="redispy", key_prefix=PREFIX)

    def configure_bridge(self) -> None:
        """Use the client."""
        self.bridge.storage = self._cluster
        self.bridge.connection_getter = lambda _: self._cluster


def _in_redis(redis: Client) -> FixedWindowRateLimiter:
    if isinstance(redis, Cluster):
        return FixedWindowRateLimiter(_ClusterStorage(redis))
    # The library says options are plain values, but takes a pool too: ours, with its time-outs.
    options: dict[str, Any] = {"connection_pool": redis.connection_pool}
    storage = RedisStorage("async+redis://", implementation="redispy", key_prefix=PREFIX, **options)
    return FixedWindowRateLimiter(storage)


async def _hit(limiter: FixedWindowRateLimiter, policy: Policy, tiers: Tiers, key: str) -> None:
    # What is refused must not count towards the longer waits, so all are looked at before any is
    # hit; of those that come at the same moment, the hit itself refuses the ones too many.
    refusing = [tier for tier in tiers if not await limiter.test(tier, policy, key)]
    for tier in () if refusing else tiers:
        if not await limiter.hit(tier, policy, key):
            refusing = [tier]
            break
    if refusing:
        waits = [(await _wait(limiter, tier, policy, key), tier) for tier in refusing]
        wait, tier = max(waits, key=lambda pair: pair[0])
        _REFUSED[policy].inc()
        raise RateLimited(policy, tier.amount, tier.get_expiry(), wait)


async def _wait(
    limiter: FixedWindowRateLimiter, tier: RateLimitItem, policy: Policy, key: str
) -> int:
    """Return the seconds until a tier's window ends."""
    end, _ = await limiter.get_window_stats(tier, policy, key)
    # Redis tells full seconds and may have rounded half a second down.
    return min(tier.get_expiry(), max(1, math.ceil(end - now().timestamp() + 0.5)))
