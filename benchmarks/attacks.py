"""Measures what requests cost that are made to cost much: packed bodies and unfinished headers.

``make bench-attacks`` starts a service of its own, on embedded engines, and prints CPU seconds and
memory of its process beside what docs/explanation/threats.rst promises; it exits 1 where a promise
was not kept. It reads /proc, and so needs Linux. CPU is that of the one process and not of the
machine, yet on a machine that is busy otherwise it says less.
"""

import asyncio
import gzip
import os
import signal
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from aiohttp import ClientSession

from benchmarks.promises import Report, until
from tests.support.service_process import Service

PACKED = 200_000
"""Bytes of a body, as it is sent."""

REQUESTS = 200
"""Of each kind, whose CPU is counted together: one is too short for the clock."""

TIMES = 3.0
"""A packed body costs at the most so many times the CPU of a plain one of the same bytes sent."""

UNFINISHED = 1000
BLOCK = 64 * 1024
MEMORY = 200.0
"""Megabytes that a worker has, with UNFINISHED header blocks of almost BLOCK bytes."""

_TICK = os.sysconf("SC_CLK_TCK")


class Measured:
    """A process that is looked at from outside.

    Args:
        pid: Of the process.
    """

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    @property
    def cpu(self) -> float:
        """Seconds of CPU that it has used."""
        fields = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICK

    @property
    def memory(self) -> float:
        """Megabytes that it holds."""
        lines = (self._folder / "status").read_text().splitlines()
        line = next(each for each in lines if each.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6


def head(method: str, path: str, *lines: str) -> bytes:
    """Return the head of a request."""
    return "\r\n".join((f"{method} {path} HTTP/1.1", "Host: x", *lines, "", "")).encode()


async def answer(port: int, request: bytes) -> None:
    """Send a request as it is, and wait until the connection ends or the next could be sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    await reader.readuntil(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()


async def settled(process: Measured) -> None:
    """Wait until the process does no more than it always does."""
    before = -1.0
    while process.cpu - before > 1 / _TICK:
        before = process.cpu
        await asyncio.sleep(0.3)  # what it goes on to do, nobody tells


async def cost(process: Measured, port: int, request: bytes) -> float:
    """Return the CPU seconds of a request, with all that is done for it after its answer."""
    await settled(process)
    before = process.cpu
    for _ in range(REQUESTS):
        await answer(port, request)
    await settled(process)
    return (process.cpu - before) / REQUESTS


def bodies() -> Iterable[tuple[str, str, bytes]]:
    """Return bodies of the same size as sent: what they are, their coding, and the bytes."""
    yield "plain", "identity", b"x" * PACKED
    yield "zeros in gzip", "gzip", fitting(bytes(PACKED * 1100))
    yield "many members", "gzip", (gzip.compress(b"") * (PACKED // 20))[:PACKED]
    yield "empty blocks", "deflate", (b"\x00\x00\x00\xff\xff" * (PACKED // 5))
    yield "noise", "gzip", gzip.compress(os.urandom(PACKED), 0)[:PACKED]


def fitting(content: bytes) -> bytes:
    """Return as much of the content, packed, as is sent."""
    return gzip.compress(content, 9)[:PACKED]


async def packed_bodies(process: Measured, port: int, report: Report) -> None:
    """Send packed bodies to where nobody reads them, and to where somebody does."""
    for path in ("/nothing", "/api/auth/login"):
        plain = 0.0
        for what, coding, body in bodies():
            lines = ("Content-Type: application/json", f"Content-Encoding: {coding}")
            request = head("POST", path, *lines, f"Content-Length: {len(body)}") + body
            seconds = await cost(process, port, request)
            if what == "plain":
                plain = seconds
            else:
                report.add(f"{path}: {what}, ms CPU", seconds * 1000, TIMES * plain * 1000, "")


async def unfinished_headers(process: Measured, port: int, report: Report) -> None:
    """Hold many connections whose header blocks do not end."""
    line = b"X: " + b"x" * 8000 + b"\r\n"
    block = b"GET / HTTP/1.1\r\nHost: x\r\n" + line * (BLOCK // len(line))
    writers = []
    before = process.memory
    for _ in range(UNFINISHED):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(block)
        writers.append(writer)
    await settled(process)
    report.add(
        f"{UNFINISHED} unfinished headers, MB (idle: {before:.0f})", process.memory, MEMORY, ""
    )

    async def answers() -> bool:
        async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/livez") as response:
            return response.status == 200

    report.add("meanwhile /livez", await until(answers), 2.0)
    for writer in writers:
        writer.close()


async def measure(report: Report) -> None:
    """Measure everything."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        service = Service(Path(folder))
        service.environment |= {"LOG_LEVEL": "ERROR", "LOGIN_LIMIT_PER_ADDRESS": "100000/second"}
        await service.start()
        process, port = Measured(service.process.pid), int(service.environment["PORT"])
        try:
            await packed_bodies(process, port, report)
            await unfinished_headers(process, port, report)
        finally:
            await service.stop(signal.SIGINT)


def main() -> None:
    """Measure, and say whether the promises were kept."""
    report = Report()
    report.begin()
    asyncio.run(measure(report))
    if report.missed:
        sys.exit(f"{len(report.missed)} promises were not kept.")


if __name__ == "__main__":
    main()
