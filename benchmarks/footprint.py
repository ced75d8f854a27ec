"""Measures what a process of the service needs: CPU to start, and memory, fresh and after work.

``make bench-footprint`` ends with 1 where a promise was not kept.
"""

import argparse
import sys
from typing import Any, Final

from benchmarks import databases
from benchmarks.contestants import Contestants, contestants
from benchmarks.promises import Report
from benchmarks.server import Server, run
from benchmarks.wrk import check_installed, load

START: Final = 1.0
"""Seconds of CPU until the first answer."""

FRESH: Final = 100.0
"""Megabytes after the first answer."""

WORN: Final = 130.0
"""Megabytes after REQUESTS."""

REQUESTS: Final = 1_000_000

STEP: Final = 20.0
"""Seconds of load of one kind; then comes the next kind."""


def wear(server: Server, both: Contestants, requests: int) -> None:
    """Let the server answer so many requests, of all kinds in turn."""
    done = 0
    while done < requests:
        for call in both.calls:
            done += load(server, call, STEP).requests
        print(f"  {done:,} requests: {server.process.memory:.0f} MB", flush=True)


def measure(both: Contestants, requests: int, report: Report) -> None:
    """Measure a new process, then the same one after its work."""
    with both.service() as server:
        report.add("CPU from the start to the first answer", server.start_cpu, START)
        report.add("memory of a new process", server.process.memory, FRESH, "MB")
        wear(server, both, requests)
        what = f"memory after {requests:,} requests"
        report.add(what, server.process.memory, WORN, "MB")


def main() -> None:
    """Measure the footprint."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    given: Any = parser.parse_args()
    check_installed()
    with contestants(given) as both:
        report = Report()
        report.begin()
        measure(both, given.requests, report)
    if report.missed:
        sys.exit(f"{len(report.missed)} promises were not kept.")


if __name__ == "__main__":
    run(main)
