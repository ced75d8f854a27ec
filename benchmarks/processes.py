"""Measures what one machine serves with 1, 2 and 4 processes.

``make bench-processes`` starts a service with so many workers on the PostgreSQL and Redis that it
is given, lets wrk (https://github.com/wg/wrk) ask it, and prints requests a second and latencies.
The database and the Redis must be there to be filled; wrk shares the machine with the service.
"""

import argparse
import asyncio
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import ClientError, ClientSession

PORT = "8766"
URL = f"http://127.0.0.1:{PORT}"
PROCESSES = (1, 2, 4)
CONNECTIONS = 32
SECONDS = 10
CONTACTS = 60
CREDENTIALS = {"email": "bench@example.com", "password": "correct horse battery staple"}
CALLS = ("/api/users/me", "/api/contacts/")


@contextmanager
def service(database_url: str, redis_url: str, workers: int) -> Iterator[None]:
    """Run a service with so many workers."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        environment = {
            "DATA_DIR": folder,
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PORT": PORT,
            "WORKERS": str(workers),
            "REQUIRE_CONFIRMED_EMAIL": "false",
            "USER_LIMIT": "1000000/second",
            "LOGIN_LIMIT_PER_ADDRESS": "1000/second",
            "LOG_LEVEL": "WARNING",
        }
        command = [sys.executable, "-m", "contactsvc"]
        quiet = subprocess.DEVNULL
        subprocess.run([*command, "migrate"], env=environment, check=True, stdout=quiet)
        process = subprocess.Popen([*command, "serve"], env=environment, stdout=quiet)
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


async def sign_in() -> str:
    """Make an account with contacts, as soon as the service is up, and return an access token."""
    async with ClientSession(URL) as http:
        while True:
            try:
                await http.post("/api/auth/register", json=CREDENTIALS)
                break
            except ClientError:
                await asyncio.sleep(0.1)
        async with http.post("/api/auth/login", json=CREDENTIALS) as response:
            token: str = (await response.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        for number in range(CONTACTS):
            body = {"first_name": "Ada", "last_name": f"Lovelace {number}"}
            await http.post("/api/contacts/", json=body, headers=headers)
    return token


def measure(workers: int, path: str, token: str) -> None:
    """Let wrk ask for ``path`` and print what it found."""
    command = ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s"]
    command += ["-H", f"Authorization: Bearer {token}", URL + path]
    found = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in found or "Socket errors" in found:
        sys.exit(f"Some requests failed:\n{found}")
    rate = float(re.findall(r"Requests/sec:\s+([\d.]+)", found)[0])
    p50, p99 = (re.findall(rf"^\s+{part}%\s+(\S+)$", found, re.MULTILINE)[0] for part in (50, 99))
    print(f"{workers} processes  GET {path:<16} {rate:6.0f} requests/s   p50 {p50}   p99 {p99}")


def main() -> None:
    """Measure every number of processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", required=True)
    parser.add_argument("--redis-url", required=True)
    given = parser.parse_args()
    for workers in PROCESSES:
        with service(given.database_url, given.redis_url, workers):
            token = asyncio.run(sign_in())
            time.sleep(2)  # the other workers may still be starting
            for path in CALLS:
                measure(workers, path, token)


if __name__ == "__main__":
    main()
