"""Measures the service against the floor: throughput, latency, CPU a request and memory.

``make bench`` starts the floor and the service in turn, three times, with one process on one core
and wrk on the other, and prints the medians. ``make bench-check`` fails where the service's CPU has
become 10 percent worse, compared with the floor's, than benchmarks/ratchet.json holds.
"""

import argparse
import asyncio
import sys
from collections.abc import Iterable, Sequence
from statistics import median
from typing import Final, NamedTuple

from benchmarks import copies, databases, machine, ratchet
from benchmarks.calls import Call
from benchmarks.contestants import CREDENTIALS, Contestants, contestants
from benchmarks.hashes import cpu_of_a_hash
from benchmarks.server import Server, run
from benchmarks.wrk import CONNECTIONS, check_installed, load

P99: Final = 1.5
"""The service's p99 may be so many times the floor's."""

PEOPLE: Final = 50
"""Accounts that sign in by turns: one alone would soon have the most sessions that it may have."""

SIGN_IN: Final = Call(
    "sign-in",
    "POST",
    "/api/auth/login",
    0.9,
    {**CREDENTIALS, "email": "copyTURN@example.com"},
    PEOPLE,
)

AT_ONCE: Final = 4
"""Connections that sign in: a hash takes all of a core, so more would only wait."""

WARM_UP: Final = 1.0


class Result(NamedTuple):
    """What was measured of one request at one server.

    Args:
        rate: Answers a second.
        p99: The 99th percentile of latency in milliseconds.
        cpu: CPU seconds of the server's process for one answer.
        memory: Megabytes of the process afterwards.
    """

    rate: float
    p99: float
    cpu: float
    memory: float


class Row(NamedTuple):
    """A request at the floor and at the service: medians of all rounds."""

    call: Call
    floor: Result
    service: Result

    @property
    def throughput(self) -> float:
        """The service's share of the floor's throughput."""
        return self.service.rate / self.floor.rate

    @property
    def cpu(self) -> float:
        """The floor's CPU, divided by the service's."""
        return self.floor.cpu / self.service.cpu

    @property
    def p99(self) -> float:
        """The service's p99 as a multiple of the floor's; 0 where there is none to compare with."""
        return self.service.p99 / self.floor.p99 if self.floor.p99 else 0.0

    def missed(self) -> Iterable[str]:
        """Return what is wanted and has not been reached."""
        if self.throughput < self.call.wanted:
            yield f"{self.call.name}: throughput {self.throughput:.2f}, not {self.call.wanted}"
        if self.p99 > P99:
            yield f"{self.call.name}: p99 {self.p99:.2f} times the floor's, not {P99}"


def measure(server: Server, call: Call, seconds: float, connections: int = CONNECTIONS) -> Result:
    """Measure one request at one server."""
    load(server, call, WARM_UP, connections)
    before = server.process.cpu
    found = load(server, call, seconds, connections)
    used = server.process.cpu - before
    return Result(found.rate, found.p99, used / found.requests, server.process.memory)


def measure_round(both: Contestants, seconds: float) -> list[tuple[Result, Result]]:
    """Measure all requests at the floor, then at the service; the last one is SIGN_IN."""
    with both.floor() as server:
        floor = [measure(server, call, seconds) for call in both.calls]
    with both.service() as server:
        service = [measure(server, call, seconds) for call in both.calls]
        service.append(measure(server, SIGN_IN, seconds, AT_ONCE))
    cpu = cpu_of_a_hash()
    floor.append(Result(1 / cpu, 0, cpu, 0))
    return list(zip(floor, service, strict=True))


def rows(calls: Sequence[Call], rounds: Sequence[list[tuple[Result, Result]]]) -> list[Row]:
    """Return a row for each request."""
    return [
        Row(call, _median(pair[0] for pair in pairs), _median(pair[1] for pair in pairs))
        for call, pairs in zip(calls, zip(*rounds, strict=True), strict=True)
    ]


def _median(results: Iterable[Result]) -> Result:
    return Result(*(median(values) for values in zip(*results, strict=True)))


def show(table: Sequence[Row]) -> None:
    """Print the table: the floor's number, the service's, and their ratio."""
    heads = ("answers/s", "p99 ms", "CPU us/answer", "MB")
    print(f"\n{'floor, service, ratio':<22}" + "".join(f"{head:>26}" for head in heads))
    for call, floor, service in table:
        row = Row(call, floor, service)
        parts = [
            f"{floor.rate:.0f} {service.rate:6.0f} {row.throughput:6.2f}",
            f"{floor.p99:.1f} {service.p99:6.1f} {row.p99:6.2f}" if floor.p99 else "-",
            f"{floor.cpu * 1e6:.0f} {service.cpu * 1e6:6.0f} {row.cpu:6.2f}",
            f"{floor.memory:.0f} {service.memory:6.0f}" if floor.memory else "-",
        ]
        print(f"{call.name:<22}" + "".join(f"{part:>26}" for part in parts))
    print("\nThe floor of a sign-in is one argon2id hash. Ratios of throughput and of CPU: more is")
    print("better, 1 is the floor.\n")
    for row in table:
        for line in row.missed():
            print(f"Wanted, and not reached: {line}")


def hold(table: Sequence[Row], *, is_check: bool) -> None:
    """Raise the ratchet, or end with 1 where a ratio is below it."""
    measured = {row.call.name: row.cpu for row in table}
    held = ratchet.read()
    if not is_check:
        ratchet.write(ratchet.raised(held, measured))
    elif found := ratchet.problems(held, measured):
        sys.exit("The service's CPU, compared with the floor's:\n" + "\n".join(found))


def main() -> None:
    """Compare the service with the floor."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5, help="of load for each request")
    parser.add_argument("--check", action="store_true", help="fail below benchmarks/ratchet.json")
    parser.add_argument("--raise", action="store_true", help="hold what is better from now on")
    given = parser.parse_args()
    check_installed()
    _warn()
    with contestants(given) as both:
        assert both.user is not None
        asyncio.run(copies.add_people(both.databases.postgresql, both.user["id"], PEOPLE))
        rounds = [measure_round(both, given.seconds) for _ in range(given.rounds)]
        table = rows([*both.calls, SIGN_IN], rounds)
    show(table)
    _warn()
    if given.check or vars(given)["raise"]:
        hold(table, is_check=given.check)


def _warn() -> None:
    for warning in machine.warnings():
        print(f"Warning: {warning}", file=sys.stderr)


if __name__ == "__main__":
    run(main)
