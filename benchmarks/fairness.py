"""Measures whether one user's requests keep others waiting, and whether connections get their turn.

``make bench-fairness`` prints what /livez takes while somebody asks for the largest things there
are, and how many answers each of 256 connections gets. It ends with 1 where a promise was not kept.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any, Final

import uvloop
from yarl import URL

from benchmarks import databases
from benchmarks.calls import ME, PAGE, Call, answer
from benchmarks.contestants import Contestants, contestants
from benchmarks.copies import fill
from benchmarks.promises import Report
from benchmarks.server import Server, cores, on_core, run
from benchmarks.wrk import check_installed, load

LIVEZ: Final = 20.0
"""Milliseconds that the p99 of /livez may take meanwhile."""

PAUSE: Final = 0.01
"""Seconds between two requests of /livez."""

CONNECTIONS: Final = 256

ENOUGH: Final = 20
"""Answers of the median connection, before which there is nothing to compare."""

MOST: Final = 60
"""Seconds after which they are compared in any case, however busy the machine is."""

UNFAIR: Final = 2.0
"""The median connection may have so many times the answers of the one that has fewest."""

OWN: Final = 100_000
"""Contacts of the user, who has used up the quota."""

_MOST: Final = 20
"""Entries of a list."""
_LARGE: Final = {
    "notes": "n" * 10_000,
    "tags": [f"{number:02}{'t' * 48}" for number in range(50)],
    "phones": [{"value": f"+38050123{number:04}", "label": "l" * 50} for number in range(_MOST)],
    "addresses": [{"street": "s" * 500, "city": "c" * 200}] * _MOST,
    "custom": [{"label": "l" * 50, "value": "v" * 200}] * _MOST,
}
_WORD: Final = "zzzz%20yyyy%20xxxx"

LARGEST: Final = (
    Call("page of 200", "GET", f"{PAGE.path}?limit=200", 0),
    Call("search that finds nothing", "GET", f"{PAGE.path}?q={_WORD}&limit=200", 0),
    Call("count of a search", "GET", f"{PAGE.path}?q={_WORD}&include_total=true", 0),
    Call("birthdays of a year", "GET", f"{PAGE.path}birthdays?days=366", 0),
    Call("1,000 changes", "GET", f"{PAGE.path}changes?limit=1000", 0),
    Call("large contact", "POST", PAGE.path, 0, {"first_name": "Ada", **_LARGE}),
)
"""What costs most of what one user can ask for in one request."""


@contextmanager
def probing(server: Server) -> Iterator[list[float]]:
    """Ask for /livez again and again; give the milliseconds that it takes each time."""
    done, times = Event(), list[float]()
    url = URL(server.url)

    def probe() -> None:
        connection = HTTPConnection(url.host or "", url.port, timeout=30)
        while not done.wait(PAUSE):
            begin = time.perf_counter()
            connection.request("GET", "/livez")
            connection.getresponse().read()
            times.append((time.perf_counter() - begin) * 1000)
        connection.close()

    thread = Thread(target=probe)
    thread.start()
    try:
        yield times
    finally:
        done.set()
        thread.join()


def kept_waiting(server: Server, seconds: float, report: Report) -> None:
    """Measure /livez while one connection asks for one thing after the other."""
    with probing(server) as times:
        time.sleep(seconds)
    report.add("idle: p99 of /livez", p99(times), LIVEZ, "ms")
    for call in LARGEST:
        with probing(server) as times:
            found = load(server, call, seconds, connections=1)
        what = f"{call.name}, {found.p50:.0f} ms each: p99 of /livez"
        report.add(what, p99(times), LIVEZ, "ms")


def p99(times: Sequence[float]) -> float:
    """Return the 99th percentile."""
    return quantiles(times, n=100)[98]


async def answers(server: Server, call: Call, seconds: float) -> tuple[list[int], int]:
    """Return how many answers each of CONNECTIONS gets in some seconds, and how many refusals."""
    counts, refused = [0] * CONNECTIONS, 0
    url = URL(server.url)
    head = f"GET {call.path} HTTP/1.1\r\nHost: {url.host}\r\nAuthorization: Bearer {server.token}"

    async def ask(number: int) -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            while True:
                writer.write(f"{head}\r\n\r\n".encode())
                fields = (await reader.readuntil(b"\r\n\r\n")).lower()
                length = fields.partition(b"content-length:")[2].partition(b"\r\n")[0]
                await reader.readexactly(int(length))
                if fields.startswith(b"http/1.1 200"):
                    counts[number] += 1
                else:
                    refused += 1
        finally:
            writer.close()

    tasks = [asyncio.create_task(ask(number)) for number in range(CONNECTIONS)]
    begin = time.monotonic()
    passed = 0.0
    while passed < seconds or (passed < MOST and median(counts) < ENOUGH):
        # A task ends only where its connection breaks.
        ended, _ = await asyncio.wait(tasks, timeout=0.1, return_when=asyncio.FIRST_COMPLETED)
        passed = MOST if ended else time.monotonic() - begin
    for task in tasks:
        task.cancel()
    for result in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(result, Exception):
            raise result
    return counts, refused


def unfairness(counts: Sequence[int]) -> float:
    """Return the median connection's answers as a multiple of the least; infinite if that is 0."""
    least = min(counts)
    return median(counts) / least if least else float("inf")


def turns(server: Server, seconds: float, report: Report) -> None:
    """Measure whether all connections are served alike."""
    for call in (ME, PAGE):
        answer(server, call)  # so that the user is in the cache
        with on_core(cores()[1]), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            counts, refused = runner.run(answers(server, call, seconds))
        each = f"{min(counts)} to {max(counts)} answers"
        what = f"{call.name}, {CONNECTIONS} connections"
        report.add(f"{what}, {each}: median/least", unfairness(counts), UNFAIR, "")
        report.add(f"{what}: refused", refused, 0, "")


def measure(both: Contestants, seconds: float, report: Report) -> None:
    """Measure the service, whose user has as many contacts as the quota allows."""
    assert both.user is not None
    asyncio.run(fill(both.databases.postgresql, both.user["id"], OWN, 0))
    with both.service() as server:
        kept_waiting(server, seconds, report)
        turns(server, seconds, report)


def main() -> None:
    """Measure fairness."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--seconds", type=float, default=10, help="of each part")
    given: Any = parser.parse_args()
    check_installed()
    with contestants(given) as both:
        report = Report()
        report.begin()
        measure(both, given.seconds, report)
    if report.missed:
        sys.exit(f"{len(report.missed)} promises were not kept.")


if __name__ == "__main__":
    run(main)
