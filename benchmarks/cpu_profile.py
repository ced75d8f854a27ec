"""Prints where the CPU of each request goes, layer by layer, in the floor and in the service.

``make profile`` needs a PostgreSQL and a Redis, as ``make bench`` does, and takes about a minute.
"""

import argparse
import json
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

from benchmarks import databases
from benchmarks.calls import Call
from benchmarks.contestants import contestants
from benchmarks.layers import LAYERS, REST
from benchmarks.server import Server, run
from benchmarks.wrk import check_installed, load

Costs = dict[str, float]
"""Microseconds of CPU a request, by layer or by function."""

Start = Callable[[Sequence[str]], AbstractContextManager[Server]]

MOST_ROUNDS: Final = 5
"""How often a load is repeated at most because the server has had too little CPU."""

_ROWS: Final = (*(layer for layer, _ in LAYERS), REST)


def costs(start: Start, calls: Sequence[Call], seconds: float) -> list[tuple[Costs, Costs]]:
    """Return the costs of each call, by layer and by function."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        target = Path(folder) / "samples"
        with start(["-m", "benchmarks.sampler", str(target)]) as server:
            return [_costs_of(server, call, target, seconds) for call in calls]


def _costs_of(server: Server, call: Call, target: Path, seconds: float) -> tuple[Costs, Costs]:
    load(server, call, 1)
    os.kill(server.pid, signal.SIGUSR1)
    requests, used = load_for_cpu(server, call, seconds)
    os.kill(server.pid, signal.SIGUSR2)
    while not target.exists():
        time.sleep(0.01)
    rows = json.loads(target.read_text())
    target.unlink()
    return shares(rows, used / requests * 1e6)


def load_for_cpu(server: Server, call: Call, seconds: float) -> tuple[int, float]:
    """Repeat a call, again where others had the core; return the requests and their CPU seconds."""
    before, requests, rounds = server.process.cpu, 0, 0
    while rounds == 0 or (rounds < MOST_ROUNDS and server.process.cpu - before < seconds / 2):
        requests += load(server, call, seconds).requests
        rounds += 1
    return requests, server.process.cpu - before


def shares(rows: Sequence[tuple[str, str, int]], cost: float) -> tuple[Costs, Costs]:
    """Divide the cost of a request among layers, and among functions.

    Args:
        rows: Samples: layer, function and count.
        cost: Microseconds of CPU a request.
    """
    by_layer: Counter[str] = Counter()
    by_function: Counter[str] = Counter()
    for layer, function, count in rows:
        by_layer[layer] += count
        by_function[f"{layer:<26}  {function}"] += count
    total = max(1, by_layer.total())
    return tuple(  # type: ignore[return-value]
        {name: cost * count / total for name, count in counter.items()}
        for counter in (by_layer, by_function)
    )


def show(calls: Sequence[Call], floor: Sequence[Costs], service: Sequence[Costs]) -> None:
    """Print a table: layers, and for each call the floor's cost and the service's."""
    print("CPU of a request in microseconds: the floor's, the service's\n")
    print(" " * 26 + "".join(f"{call.name:>18}" for call in calls))
    for row in _ROWS:
        print(f"{row:<26}" + "".join(_cell(f, s, row) for f, s in zip(floor, service, strict=True)))
    pairs = list(zip(floor, service, strict=True))
    totals = [(sum(f.values()), sum(s.values())) for f, s in pairs]
    print(f"{'all':<26}" + "".join(f"{f:>10.0f}{s:>8.0f}" for f, s in totals))
    print(f"{'floor / service':<26}" + "".join(f"{f / s:>18.2f}" for f, s in totals))


def _cell(floor: Costs, service: Costs, row: str) -> str:
    return f"{floor.get(row, 0):>10.1f}{service.get(row, 0):>8.1f}"


def show_functions(calls: Sequence[Call], service: Sequence[Costs], count: int) -> None:
    """Print for each call the service's functions that cost most."""
    for call, costs_of_call in zip(calls, service, strict=True):
        print(f"\n{call.name}: functions of the service, with what they call outside the layers")
        for name, cost in Counter(costs_of_call).most_common(count):
            print(f"{cost:8.1f}  {name}")


def main() -> None:
    """Profile the floor and the service."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--seconds", type=float, default=5, help="of load for each request")
    parser.add_argument("--functions", type=int, default=0, help="how many functions are shown")
    parser.add_argument("--only", help="the service's calls whose names contain this")
    given = parser.parse_args()
    check_installed()
    with contestants(given) as both:
        calls = [call for call in both.calls if (given.only or "") in call.name]
        floor = costs(both.floor, calls, given.seconds)
        service = costs(both.service, calls, given.seconds)
    show(calls, [layers for layers, _ in floor], [layers for layers, _ in service])
    if given.functions:
        show_functions(calls, [functions for _, functions in service], given.functions)


if __name__ == "__main__":
    run(main)
