"""Password hashes: argon2id, computed in threads.

The parameters are the OWASP minimum for argon2id: 19 MiB, two passes, one lane. The number of
hashing threads is fixed, so that a flood of sign-ins queues up instead of using all memory. The
queue is bounded, so that a request is refused rather than kept waiting too long.
"""

import asyncio
import os
import secrets
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from passlib.context import CryptContext

from contactsvc.platform import memory
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.metrics import (
    PASSWORD_HASHING_DURATION,
    PASSWORD_HASHING_QUEUE,
    PASSWORD_HASHING_REFUSED,
)


@dataclass(frozen=True)
class Cost:
    """The cost parameters of one argon2id hash.

    Args:
        memory_kib: Memory in KiB, at least 8 for each lane.
        passes: Passes over the memory, 1 or more.
        lanes: Degree of parallelism, 1 or more.
    """

    memory_kib: int
    passes: int
    lanes: int

    @property
    def head(self) -> str:
        """The prefix of every hash with these parameters."""
        return f"$argon2id$v=19$m={self.memory_kib},t={self.passes},p={self.lanes}$"


OWASP: Final = Cost(memory_kib=19 * 1024, passes=2, lanes=1)
"""The minimum of the OWASP Password Storage Cheat Sheet."""

MAX_QUEUED: Final = 500
"""Hashes that may be queued or computed at a time: some seconds of work for two threads."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Verification:
    """The result of verifying a password; it is truthy where the password is right.

    Args:
        matches: Whether the password is right.
        new_hash: The hash to store instead of one that has other parameters; None keeps it.
    """

    matches: bool
    new_hash: str | None = None

    def __bool__(self) -> bool:
        """Return whether the password is the right one."""
        return self.matches


class Passwords:
    """Hashes and verifies passwords.

    Args:
        threads: Hashes computed at a time, each with 19 MiB; by default one for each processor that
            the process may use. Two that take turns on one drive each other out of its caches.
        max_queued: Hashes that may be queued or computed at a time; more are refused.
    """

    def __init__(self, threads: int | None = None, max_queued: int = MAX_QUEUED) -> None:
        self._cost = cost = OWASP
        self._context = CryptContext(
            schemes=["argon2"],
            argon2__type="ID",
            argon2__memory_cost=cost.memory_kib,
            argon2__time_cost=cost.passes,
            argon2__parallelism=cost.lanes,
        )
        self._decoy = _decoy(cost)
        self._threads = ThreadPoolExecutor(threads or _processors(), "password")
        self._max_queued = max_queued
        self._queued = 0

    async def hash(self, password: str) -> str:
        """Return a new salted hash of ``password``, exactly as it was typed (ASVS 5.0, 6.2.8).

        Raises:
            Unavailable: The queue is full.
        """
        return await self._in_thread(self._hash, password)

    async def verify(self, password: str, password_hash: str | None) -> Verification:
        """Verify that ``password`` has the hash ``password_hash``.

        Args:
            password: The password as it was typed.
            password_hash: The stored hash; None where there is no account, so that the result is
                the same, after the same time, as for a wrong password (ASVS 5.0, 6.3.8).

        Raises:
            Unavailable: The queue is full.
        """
        return await self._in_thread(self._verify, password, password_hash)

    def _hash(self, password: str) -> str:
        memory.prefer_huge_pages(self._cost.memory_kib * 1024)
        return str(self._context.hash(password))

    def _verify(self, password: str, password_hash: str | None) -> Verification:
        memory.prefer_huge_pages(self._cost.memory_kib * 1024)
        matches = self._context.verify(password, password_hash or self._decoy)
        if not matches or password_hash is None:
            return Verification(matches=False)
        # passlib's own needs_update() ignores the lanes.
        outdated = not password_hash.startswith(self._cost.head)
        return Verification(matches=True, new_hash=self._hash(password) if outdated else None)

    async def _in_thread(self, work: Callable[..., Result], *args: Any) -> Result:
        if self._queued >= self._max_queued:
            PASSWORD_HASHING_REFUSED.inc()
            raise Unavailable("Too many passwords are being checked; try again soon.")
        self._queued += 1
        try:
            loop = asyncio.get_running_loop()
            with PASSWORD_HASHING_QUEUE.track_inprogress(), PASSWORD_HASHING_DURATION.time():
                return await loop.run_in_executor(self._threads, work, *args)
        finally:
            self._queued -= 1

    def close(self) -> None:
        """Stop the threads; running hashes are finished, queued ones are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _processors() -> int:
    """Return how many processors the process may use, which may be fewer than there are."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _decoy(cost: Cost) -> str:
    """Return a hash of no password, which takes as long to verify as any other."""
    salt, digest = (b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"{cost.head}{salt}${digest}"
