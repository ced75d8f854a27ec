"""Measures a batch of 200 contacts against 200 calls, one after the other on one connection.

``make bench-batch`` adds, changes and deletes contacts both ways, and prints the time and the
service's CPU of each, and how many times as much the single calls take. Each is the best of
several rounds, after one that does not count.
"""

import argparse
import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any, Final, NamedTuple

from yarl import URL

from benchmarks import databases
from benchmarks.calls import contact
from benchmarks.contestants import Contestants, contestants
from benchmarks.server import Server, run

SIZE: Final = 200
ROUNDS: Final = 5
_PATH: Final = "/api/contacts/"
_CALLS: Final = {"create": "POST", "update": "PATCH", "delete": "DELETE"}

Json = dict[str, Any]


class Cost(NamedTuple):
    """What a round has taken, in seconds."""

    wall: float
    cpu: float


class Client:
    """A program that changes contacts.

    Args:
        server: The service.
    """

    def __init__(self, server: Server) -> None:
        address = URL(server.url)
        self._connection = HTTPConnection(address.host or "", address.port, timeout=300)
        self._headers = {"Authorization": f"Bearer {server.token}"}
        self._headers["Content-Type"] = "application/json"
        self._process = server.process
        self._ids: list[int] = []

    def single(self, operations: Sequence[Json]) -> Cost:
        """Do operations by calls of their own."""
        before = Cost(time.perf_counter(), self._process.cpu)
        for each in operations:
            path = f"{_PATH}{each.get('id', '')}"
            self._note(each, self._ask(_CALLS[each["method"]], path, each.get("contact")))
        return self._since(before)

    def batch(self, operations: Sequence[Json]) -> Cost:
        """Do operations by a batch."""
        before = Cost(time.perf_counter(), self._process.cpu)
        answer = self._ask("POST", f"{_PATH}batch", {"operations": operations})
        for each, result in zip(operations, answer["results"], strict=True):
            self._note(each, result.get("contact"))
        return self._since(before)

    def round(self, *, is_batch: bool) -> list[Cost]:
        """Add, change and delete contacts, and return what each has taken."""
        do = self.batch if is_batch else self.single
        self._ids = []
        added = do([{"method": "create", "contact": contact(n)} for n in range(SIZE)])
        notes = {"notes": "met again"}
        ids = self._ids
        changed = do([{"method": "update", "id": each, "contact": notes} for each in ids])
        return [added, changed, do([{"method": "delete", "id": each} for each in ids])]

    def _ask(self, method: str, path: str, body: Json | None) -> Any:
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, self._headers)
        answer = self._connection.getresponse()
        content = answer.read().decode()
        if answer.status not in (200, 201, 204):
            raise SystemExit(f"{method} {path} was answered with {answer.status}: {content}")
        return json.loads(content) if content else None

    def _note(self, operation: Json, answer: Json | None) -> None:
        if operation["method"] == "create" and answer is not None:
            self._ids.append(answer["id"])

    def _since(self, before: Cost) -> Cost:
        return Cost(time.perf_counter() - before.wall, self._process.cpu - before.cpu)


def best(rounds: Sequence[Sequence[Cost]]) -> list[Cost]:
    """Return the least of all rounds, for each of the three kinds."""
    return [
        Cost(min(each.wall for each in kind), min(each.cpu for each in kind))
        for kind in zip(*rounds, strict=True)
    ]


def measure(both: Contestants) -> None:
    """Measure the service, both ways in alternation."""
    with both.service() as server:
        client = Client(server)
        rounds = [[client.round(is_batch=way) for way in (False, True)] for _ in range(ROUNDS + 1)]
    single, batch = (best([pair[way] for pair in rounds[1:]]) for way in (0, 1))
    for method, alone, together in zip(_CALLS, single, batch, strict=True):
        times, cpus = alone.wall / together.wall, alone.cpu / together.cpu
        print(
            f"{method} {SIZE}: {together.wall * 1000:.0f} ms in a batch,"
            f" {alone.wall * 1000:.0f} ms alone: {times:.1f} times;"
            f" CPU {together.cpu * 1000:.0f} and {alone.cpu * 1000:.0f} ms: {cpus:.1f} times"
        )


def main() -> None:
    """Measure batches."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    given: Any = parser.parse_args()
    with contestants(given) as both:
        measure(both)


if __name__ == "__main__":
    run(main)
