"""Measures the calls that clients make most, one at a time and many at once.

``make bench`` starts a service of its own with everything embedded, speaks HTTP to it on the
loopback, and ends it.
"""

import asyncio
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from aiohttp import ClientSession

PORT = "8765"
WARM_UP = 200
ALONE = 1000
TOGETHER = 4000
AT_ONCE = 16
CREDENTIALS = {"email": "bench@example.com", "password": "correct horse battery staple"}

Call = Callable[[], Awaitable[None]]


async def measure(name: str, call: Call) -> None:
    """Print the latency of ``call`` alone, and its throughput with AT_ONCE at a time."""
    for _ in range(WARM_UP):
        await call()
    times = []
    for _ in range(ALONE):
        begin = time.perf_counter()
        await call()
        times.append((time.perf_counter() - begin) * 1000)
    begin = time.perf_counter()
    await asyncio.gather(*(_repeat(call, TOGETHER // AT_ONCE) for _ in range(AT_ONCE)))
    rate = TOGETHER / (time.perf_counter() - begin)
    p50, p99 = statistics.median(times), statistics.quantiles(times, n=100)[98]
    print(f"{name:<28} p50 {p50:6.2f} ms   p99 {p99:6.2f} ms   {rate:6.0f} requests/s")


async def _repeat(call: Call, times: int) -> None:
    for _ in range(times):
        await call()


async def measure_all(url: str) -> None:
    """Measure the service at ``url``, which must let unconfirmed accounts in."""
    async with ClientSession(url, raise_for_status=True) as http:
        await http.post("/api/auth/register", json=CREDENTIALS)
        async with http.post("/api/auth/login", json=CREDENTIALS) as response:
            token = (await response.json())["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"

        async def create() -> None:
            body = {"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"}
            async with http.post("/api/contacts/", json=body) as response:
                await response.read()

        def get(path: str) -> Call:
            async def call() -> None:
                async with http.get(path) as response:
                    await response.read()

            return call

        await measure("POST /api/contacts/", create)
        await measure("GET /api/users/me", get("/api/users/me"))
        await measure("GET /api/contacts/ (50)", get("/api/contacts/"))
        await measure("GET /api/contacts/1", get("/api/contacts/1"))


@contextmanager
def service() -> Iterator[str]:
    """Run a service with everything embedded and give its URL."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        environment = {
            "DATA_DIR": folder,
            "PORT": PORT,
            "REQUIRE_CONFIRMED_EMAIL": "false",
            "USER_LIMIT": "1000000/second",
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "contactsvc", "serve"]
        process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            for line in process.stdout or ():
                if "Press Ctrl-C" in line:
                    break
            yield f"http://127.0.0.1:{PORT}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


if __name__ == "__main__":
    with service() as url:
        asyncio.run(measure_all(url))
