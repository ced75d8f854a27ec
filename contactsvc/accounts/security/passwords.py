"""Password hashes: argon2id, computed beside the event loop.

The parameters are the OWASP minimum for argon2id: 19 MiB, two passes, one lane. The hashing
threads are few, so a flood of sign-ins queues up instead of taking all memory; and the queue has an
end, so that nobody waits longer than they would wait for an answer.
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

from contactsvc.platform.errors import Unavailable
from contactsvc.platform.metrics import (
    PASSWORD_HASHING_DURATION,
    PASSWORD_HASHING_QUEUE,
    PASSWORD_HASHING_REFUSED,
)


@dataclass(frozen=True)
class Cost:
    """What one hash takes.

    Args:
        memory_kib: Memory in KiB, 8 or more a lane.
        passes: Passes over it.
        lanes: Threads that could share it.
    """

    memory_kib: int
    passes: int
    lanes: int

    @property
    def head(self) -> str:
        """How every hash of this cost begins."""
        return f"$argon2id$v=19$m={self.memory_kib},t={self.passes},p={self.lanes}$"


OWASP: Final = Cost(memory_kib=19 * 1024, passes=2, lanes=1)

MOST_WAITING: Final = 500
"""Hashes that may be waited for at a time; with two threads some seconds' worth."""

Result = TypeVar("Result")


@dataclass(frozen=True)
class Verification:
    """Whether a password is the right one; true where it is.

    Args:
        matches: Whether it is.
        new_hash: To be stored instead of the old hash, which was made with other parameters.
    """

    matches: bool
    new_hash: str | None = None

    def __bool__(self) -> bool:
        """Return whether the password is the right one."""
        return self.matches


class Passwords:
    """Hashes and verifies passwords.

    Args:
        threads: Hashes computed at a time, each taking 19 MiB; by default one for each processor.
        most_waiting: Hashes that may be waited for at a time, those being computed included.
    """

    def __init__(self, threads: int | None = None, most_waiting: int = MOST_WAITING) -> None:
        self._cost = cost = OWASP
        self._context = CryptContext(
            schemes=["argon2"],
            argon2__type="ID",
            argon2__memory_cost=cost.memory_kib,
            argon2__time_cost=cost.passes,
            argon2__parallelism=cost.lanes,
        )
        self._decoy = _decoy(cost)
        self._threads = ThreadPoolExecutor(threads or os.cpu_count(), "password")
        self._most_waiting = most_waiting
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return a new salted hash of ``password``, exactly as it was typed (ASVS 5.0, 6.2.8).

        Raises:
            Unavailable: Too many are waiting for theirs.
        """
        return await self._beside_the_loop(self._hash, password)

    async def verify(self, password: str, password_hash: str | None) -> Verification:
        """Find out whether ``password`` belongs to ``password_hash``.

        Args:
            password: What was typed.
            password_hash: The stored hash; None where there is no account, which takes the same
                time as a wrong password (ASVS 5.0, 6.3.8).

        Raises:
            Unavailable: Too many are waiting for theirs.
        """
        return await self._beside_the_loop(self._verify, password, password_hash)

    def _hash(self, password: str) -> str:
        return str(self._context.hash(password))

    def _verify(self, password: str, password_hash: str | None) -> Verification:
        matches = self._context.verify(password, password_hash or self._decoy)
        if not matches or password_hash is None:
            return Verification(matches=False)
        # passlib's own needs_update() passes over the lanes.
        outdated = not password_hash.startswith(self._cost.head)
        return Verification(matches=True, new_hash=self._hash(password) if outdated else None)

    async def _beside_the_loop(self, work: Callable[..., Result], *args: Any) -> Result:
        if self._waiting >= self._most_waiting:
            PASSWORD_HASHING_REFUSED.inc()
            raise Unavailable("Too many passwords are being checked; try again soon.")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            with PASSWORD_HASHING_QUEUE.track_inprogress(), PASSWORD_HASHING_DURATION.time():
                return await loop.run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the threads go; hashes under way are finished, those not begun are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _decoy(cost: Cost) -> str:
    """Return a hash that takes as long to verify as any other and belongs to no password."""
    salt, digest = (b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"{cost.head}{salt}${digest}"
