"""Measures what requests cost that are made to cost much: packed bodies and unfinished headers.

``make bench-attacks`` starts services of its own, on embedded engines, and prints CPU seconds and
memory of their processes beside what docs/explanation/threats.rst promises; it exits 1 where a
promise was not kept. It reads /proc, and so needs Linux. CPU is that of the one process and not of
the machine, yet on a machine that is busy otherwise it says less. Memory is measured in a new
process, and in one that has been attacked in every way for some minutes.
"""

import argparse
import asyncio
import gzip
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession

from benchmarks.mixed_attack import attack, head, hold_headers
from benchmarks.promises import Report, until
from benchmarks.server import Measured
from contactsvc.platform.memory import TRIM_INTERVAL
from tests.support.service_process import Service

PACKED = 200_000
"""Bytes of a body, as it is sent."""

REQUESTS = 200
"""Of each kind, whose CPU is counted together: one is too short for the clock."""

TIMES = 3.0
"""A packed body costs at the most so many times the CPU of a plain one of the same bytes sent."""

UNFINISHED = 1000
ROUNDS = 3
MEMORY = 200.0
"""Megabytes that a worker has, with UNFINISHED header blocks of almost 64 KiB."""

SECONDS = 180.0
"""For how long a service is attacked in every way."""

PATHS = ("/nothing", "/api/auth/login")
"""Where nobody reads a body, and where somebody does."""

IDLE = 0.01
"""Seconds of CPU in 0.3 s that a process uses in any case."""


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
    while process.cpu - before > IDLE:
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


def packed(path: str, coding: str, body: bytes) -> bytes:
    """Return a request with a body that is packed, or said to be."""
    lines = ("Content-Type: application/json", f"Content-Encoding: {coding}")
    return head("POST", path, *lines, f"Content-Length: {len(body)}") + body


def fitting(content: bytes) -> bytes:
    """Return as much of the content, packed, as is sent."""
    return gzip.compress(content, 9)[:PACKED]


async def packed_bodies(process: Measured, port: int, report: Report) -> None:
    """Send packed bodies to where nobody reads them, and to where somebody does."""
    for path in PATHS:
        plain = 0.0
        for what, coding, body in bodies():
            seconds = await cost(process, port, packed(path, coding, body))
            if what == "plain":
                plain = seconds
            else:
                report.add(f"{path}: {what}, ms CPU", seconds * 1000, TIMES * plain * 1000, "")


async def unfinished_headers(process: Measured, port: int, report: Report, when: str) -> None:
    """Hold many connections whose header blocks do not end."""
    writers = await hold_headers(port, UNFINISHED)
    await settled(process)
    report.add(f"{UNFINISHED} unfinished headers, {when}, MB", process.memory, MEMORY, "")

    async def answers() -> bool:
        async with ClientSession() as http, http.get(f"http://127.0.0.1:{port}/livez") as response:
            return response.status == 200

    report.add("meanwhile /livez", await until(answers), 2.0)
    for writer in writers:
        writer.close()
    await settled(process)


async def attacked(process: Measured, port: int, report: Report, seconds: float) -> None:
    """Attack the service in every way, and hold unfinished headers before and after it."""
    report.add("new process, MB", process.memory, MEMORY, "")
    await unfinished_headers(process, port, report, "at first")
    requests = [packed(path, coding, body) for path in PATHS for _, coding, body in bodies()]
    await attack(port, seconds, requests)
    await settled(process)
    await asyncio.sleep(TRIM_INTERVAL)  # meanwhile it trims its memory
    report.add(f"attacked for {seconds:.0f} s, then left alone, MB", process.memory, MEMORY, "")
    for number in range(1, ROUNDS + 1):
        await unfinished_headers(process, port, report, f"round {number} after it")


@asynccontextmanager
async def service(log_level: str) -> AsyncIterator[tuple[Measured, int]]:
    """Run a service, and give its process and port."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        one = Service(Path(folder))
        limits = dict.fromkeys(
            ("LOGIN_LIMIT_PER_ADDRESS", "MAIL_LIMIT_PER_ADDRESS"), "100000/second"
        )
        one.environment |= {"LOG_LEVEL": log_level} | limits
        await one.start()
        try:
            yield Measured(one.process.pid), int(one.environment["PORT"])
        finally:
            await one.stop(signal.SIGINT)


async def measure(report: Report, seconds: float) -> None:
    """Measure everything."""
    async with service("ERROR") as (process, port):
        await packed_bodies(process, port, report)
    async with service("DEBUG") as (process, port):
        await attacked(process, port, report, seconds)


def main() -> None:
    """Measure, and say whether the promises were kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for how long to attack")
    seconds = parser.parse_args().seconds
    report = Report()
    report.begin()
    asyncio.run(measure(report, seconds))
    if report.missed:
        sys.exit(f"{len(report.missed)} promises were not kept.")


if __name__ == "__main__":
    main()
