"""Measures what one machine serves with 1, 2 and 4 processes.

``make bench-processes`` prints requests a second and latencies. wrk shares the machine with the
service, PostgreSQL and Redis, and alone is pinned to a core.
"""

import argparse
from typing import Any, Final

from benchmarks import databases
from benchmarks.calls import ME, PAGE
from benchmarks.contestants import Contestants, contestants
from benchmarks.server import run
from benchmarks.wrk import check_installed, load

PROCESSES: Final = (1, 2, 4)

WARM_UP: Final = 2.0
"""Seconds of load that are not counted: some processes may still be starting."""


def measure(both: Contestants, processes: int, seconds: float) -> None:
    """Measure the service with that many processes."""
    with both.service(core=None, WORKERS=str(processes)) as server:
        for call in (ME, PAGE):
            load(server, call, WARM_UP)
            found = load(server, call, seconds)
            print(
                f"{processes} processes  {call.method} {call.path:<16} {found.rate:6.0f} requests/s"
                f"   p50 {found.p50:.2f} ms   p99 {found.p99:.2f} ms",
                flush=True,
            )


def main() -> None:
    """Measure every number of processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--processes", type=int, nargs="+", default=PROCESSES)
    parser.add_argument("--seconds", type=float, default=10, help="of load for each request")
    given: Any = parser.parse_args()
    check_installed()
    with contestants(given) as both:
        for processes in given.processes:
            measure(both, processes, given.seconds)


if __name__ == "__main__":
    run(main)
