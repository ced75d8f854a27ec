"""Password hashes: argon2id, computed beside the event loop.

The parameters are the OWASP minimum for argon2id: 19 MiB, two passes, one lane. The hashing
threads are few, so a flood of sign-ins queues up instead of taking all memory.
"""

import asyncio
import os
import secrets
import unicodedata
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from passlib.context import CryptContext

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1


class Passwords:
    """Hashes and verifies passwords.

    Args:
        threads: Hashes computed at a time, each taking 19 MiB; by default one for each processor.
    """

    def __init__(self, threads: int | None = None) -> None:
        self._context = CryptContext(
            schemes=["argon2"],
            argon2__type="ID",
            argon2__memory_cost=MEMORY_KIB,
            argon2__time_cost=PASSES,
            argon2__parallelism=LANES,
        )
        self._decoy = _decoy()
        self._threads = ThreadPoolExecutor(threads or os.cpu_count(), "password")

    async def hash(self, password: str) -> str:
        """Return a new salted hash of ``password``."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._context.hash, _normal(password))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Return whether ``password`` belongs to ``password_hash``.

        Args:
            password: What was typed.
            password_hash: The stored hash; None where there is no account, which takes the same
                time as a wrong password (ASVS 5.0, 6.3.8).
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, self._verify, _normal(password), password_hash
        )

    def _verify(self, password: str, password_hash: str | None) -> bool:
        matches = self._context.verify(password, password_hash or self._decoy)
        return bool(matches) and password_hash is not None

    def close(self) -> None:
        """Let the threads go; hashes under way are finished, those not begun are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _decoy() -> str:
    """Return a hash that takes as long to verify as any other and belongs to no password."""
    salt, digest = (b64encode(secrets.token_bytes(size)).rstrip(b"=").decode() for size in (16, 32))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}"


def _normal(password: str) -> str:
    # Keyboards differ in how they compose a letter (NIST SP 800-63B, 3.1.1.2).
    return unicodedata.normalize("NFKC", password)
