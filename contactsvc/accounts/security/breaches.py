"""Checks whether a password was in a breach, without disclosing it.

It uses the range protocol of Have I Been Pwned: the first five hex digits of the password's SHA-1
are sent, and all known hashes that begin with them are returned (k-anonymity).
"""

import asyncio
import logging
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha1
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final
from urllib.parse import urlsplit

logger = logging.getLogger(__name__)

PREFIX: Final = 5
"""Hex digits of the hash that are sent."""

THREADS: Final = 4
"""Requests that run at a time."""

BODY_MAX_SIZE: Final = 1024 * 1024
"""Bytes that an answer may have; most have about 40,000."""


class BreachCheck:
    """Asks a server of the range protocol. If that fails, it is logged and the password accepted.

    Args:
        url: URL to which the five digits are appended.
        timeout: Seconds that a check may take.
    """

    def __init__(self, url: str, *, timeout: float = 1.0) -> None:
        self._url = url
        self._timeout = timeout
        self._tls = ssl.create_default_context()
        self._threads = ThreadPoolExecutor(THREADS, "breaches")

    async def holds(self, password: str) -> bool:
        """Return whether a password was in a breach; False where the server does not answer."""
        digest = sha1(password.encode(errors="surrogatepass"), usedforsecurity=False)
        digits = digest.hexdigest().upper()
        call = _Call(self._url + digits[:PREFIX], self._timeout, self._tls)
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._timeout):
                answer = await loop.run_in_executor(self._threads, call.run)
        except (OSError, HTTPException, ValueError) as error:  # TimeoutError is an OSError
            reason = str(error) or "it took too long"
            logger.warning("A new password was not looked up among breached ones: %s", reason)
            return False
        finally:
            call.abort()
        return _lists(answer, digits[PREFIX:])

    def close(self) -> None:
        """Stop the threads; requests that have not begun are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)


class _Call:
    """One request in a thread, which the event loop can abort."""

    def __init__(self, url: str, timeout: float, tls: ssl.SSLContext) -> None:
        parts = urlsplit(url)
        host, self._path = parts.hostname or "", parts.path
        self._connection: HTTPConnection = (
            HTTPSConnection(host, parts.port, timeout=timeout, context=tls)
            if parts.scheme == "https"
            else HTTPConnection(host, parts.port, timeout=timeout)
        )
        self._socket: socket.socket | None = None
        self._is_aborted = False

    def run(self) -> bytes:
        connection = self._connection
        try:
            connection.connect()
            self._socket = connection.sock
            if self._is_aborted:
                raise TimeoutError
            # Padding keeps an eavesdropper from telling the range by the length of the answer.
            headers = {"Add-Padding": "true", "User-Agent": "contactsvc"}
            connection.request("GET", self._path, headers=headers)
            with connection.getresponse() as response:
                if response.status != 200:
                    raise ValueError(f"it answered {response.status}")
                body = response.read(BODY_MAX_SIZE + 1)
                if len(body) > BODY_MAX_SIZE:
                    raise ValueError("its answer is too long")
                return body
        finally:
            connection.close()

    def abort(self) -> None:
        """End a slow read: the timeout of the socket starts again with every byte."""
        self._is_aborted = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


def _lists(answer: bytes, suffix: str) -> bool:
    """Return whether the answer has a suffix; one with a count of zero is padding."""
    for line in answer.decode("ascii", errors="replace").splitlines():
        found, _, count = line.partition(":")
        if found.strip().upper() == suffix:
            return set(count.strip()) != {"0"}
    return False
