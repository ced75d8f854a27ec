"""What attackers send, all kinds of it at once and for minutes, each request unlike the others."""

import asyncio
import json
import random
import time
from collections.abc import Iterator
from typing import Final

ATTACKERS = 12
"""Connections, or bursts of them, at a time."""

BURST = 200
"""Connections whose header blocks do not end, of one attacker."""

BLOCK = 64 * 1024
"""Bytes that a header block may have."""

_LINE: Final = b"X: " + b"x" * 8000 + b"\r\n"
UNFINISHED: Final = b"GET / HTTP/1.1\r\nHost: x\r\n" + _LINE * (BLOCK // len(_LINE))
"""A header block of almost as many bytes, without an end."""

NO_HTTP: Final = (
    b"\x16\x03\x01" + bytes(2000),
    b"X" * 70_000,
    b"GET / HTTP/1.1\r\nHost: xn--\r\n\r\n",
    b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
)


def head(method: str, path: str, *lines: str) -> bytes:
    """Return the head of a request."""
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: x", *lines, "", "")).encode()


def word(length: int) -> str:
    """Return letters that no request before had."""
    return "".join(random.choices("abcdefghijklmnopqrstuvwxyz", k=length))


def form(path: str, **fields: str) -> bytes:
    """Return a request with JSON, from an address that it says itself."""
    body = json.dumps(fields).encode()
    address = ".".join(str(random.randrange(256)) for _ in range(4))
    lines = ("Content-Type: application/json", f"X-Forwarded-For: {address}", "Connection: close")
    return head("POST", path, *lines, f"Content-Length: {len(body)}") + body


def made_up() -> Iterator[bytes]:
    """Return one request of each kind that needs no body of a packer's."""
    somebody = {"email": f"{word(12)}@example.com", "password": word(30)}
    yield form("/api/auth/login", **somebody)
    yield form("/api/auth/register", **somebody, name=word(8))
    paths = (
        f"/api/{word(30)}?{word(500)}={word(3000)}",
        f"/api/auth/confirmed_email/{word(43)}",
        f"/api/avatars/initials/{word(2).upper()}-{random.randrange(24)}.svg",
        f"/api/contacts/?q={word(20)}",
        "/api/docs/openapi.json",
        "/api/healthchecker",
        "/metrics",
    )
    token = f"Authorization: Bearer {word(30)}.{word(90)}.{word(43)}"
    names = (f"X-{word(10)}: {word(200)}" for _ in range(80))
    yield head("GET", random.choice(paths), token, "Connection: close", *names)
    yield random.choice(NO_HTTP)
    yield head("GET", "/livez") * 400
    endless = head("POST", "/api/auth/login", "Transfer-Encoding: chunked")
    yield endless + (b"10000\r\n" + b"x" * 65536 + b"\r\n") * 12


async def send(port: int, request: bytes) -> None:
    """Send a request and read some of what comes back, whatever it is."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        async with asyncio.timeout(10):
            await reader.read(65536)
        writer.close()
    except OSError:  # refused, reset, or out of time
        pass


async def hold_headers(port: int, count: int) -> list[asyncio.StreamWriter]:
    """Open connections, each with a header block that does not end."""
    writers = []
    for _ in range(count):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(UNFINISHED)
        writers.append(writer)
    return writers


async def attack(port: int, seconds: float, packed: list[bytes]) -> None:
    """Attack a service from all sides.

    Args:
        port: Of the service, on this machine.
        seconds: For how long.
        packed: Requests whose bodies unpack to much, or cost much to unpack.
    """
    end = time.monotonic() + seconds

    async def attacker() -> None:
        while time.monotonic() < end:
            kinds = [*made_up(), random.choice(packed), UNFINISHED]
            if (request := random.choice(kinds)) is not UNFINISHED:
                await send(port, request)
                continue
            writers = await hold_headers(port, BURST)
            await asyncio.sleep(random.random())
            for writer in writers:
                writer.close()

    await asyncio.gather(*(attacker() for _ in range(ATTACKERS)))
