"""Measures whether requests take as long with a million contacts in the table as with a thousand.

``make bench-growth`` fills the table in steps: one owner has a tenth, at least 1,000, and others
have 1,000 each. It prints the median latency of that owner's requests, one at a time. All but the
count of all contacts and the duplicates, which read the owner's own, should stay as they are.
"""

import argparse
import asyncio
import json
import time
from collections.abc import Sequence
from typing import Any, Final

from benchmarks import databases
from benchmarks.calls import ADD, CONTACTS, ONE, PAGE, Call, answer
from benchmarks.contestants import Contestants, contestants
from benchmarks.copies import fill
from benchmarks.server import Server, run
from benchmarks.wrk import Load, check_installed, load

SIZES: Final = (1000, 100_000, 1_000_000)

SHARE: Final = 10
"""The owner has one of so many contacts."""

LIST: Final = PAGE.path

SEARCHES: Final = {
    "frequent word": "first",
    "rare word": "first0077",
    "absent word": "zzyzx",
    "two words": "first+last0077",
    "one letter": "a",
}
"""Texts that are looked for: in every contact, in one of a thousand, in none, and so on."""

LARGEST: Final = 200
"""Contacts on the largest page."""


def _get(name: str, query: str, path: str = LIST) -> Call:
    return Call(name, "GET", path + query, 0)


def calls(server: Server, both: Contestants, count: int) -> list[Call]:
    """Return the requests of the owner of that many contacts."""
    one = next(call for call in both.calls if call.name == ONE.name)
    return [
        PAGE,
        _get("page in the middle", middle(server, count // 2)),
        one,
        ADD,
        _get("page by first name", "?sort=first_name"),
        _get("page by last change", "?sort=-updated_at"),
        _get("birthdays", "birthdays?days=30"),
        _get("changes", "changes?limit=50"),
        _get("duplicates", "duplicates?limit=20"),
        *(_get(f"search: {what}", f"?q={q}") for what, q in SEARCHES.items()),
        _get("count of all", "?include_total=true&limit=1"),
    ]


def middle(server: Server, position: int) -> str:
    """Return the query of the page that begins at about that position, found page by page."""
    cursor = ""
    for _ in range(0, position, LARGEST):
        page = json.loads(answer(server, _get("pages", f"?limit={LARGEST}{cursor}")))
        cursor = f"&cursor={page['next_cursor']}"
    return f"?limit=50{cursor}"


def measure(both: Contestants, size: int, seconds: float) -> dict[str, Load]:
    """Fill the table and return the latencies by the names of requests."""
    assert both.user is not None
    begin = time.perf_counter()
    own = max(CONTACTS, size // SHARE)
    asyncio.run(fill(both.databases.postgresql, both.user["id"], own, size - own))
    print(f"{size:,} contacts, {own:,} of one owner, in {time.perf_counter() - begin:.0f} s")
    with both.service() as server:
        wanted = calls(server, both, own)
        for call in wanted:
            load(server, call, 1, connections=1)
        return {call.name: load(server, call, seconds, connections=1) for call in wanted}


def show(sizes: Sequence[int], found: Sequence[dict[str, Load]]) -> None:
    """Print the medians at each size, the last as a multiple of the first, and the last's p99."""
    heads = "".join(f"{size:>12,}" for size in sizes)
    print(f"\n{'median, ms':<24}{heads}   last/first   p99 of last")
    for name in found[0]:
        row = [each[name].p50 for each in found]
        cells = "".join(f"{value:>12.2f}" for value in row)
        print(f"{name:<24}{cells}{row[-1] / row[0]:>13.2f}{found[-1][name].p99:>14.2f}")


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__)
    databases.add_arguments(parser)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="rising")
    parser.add_argument("--seconds", type=float, default=3, help="of each request")
    given: Any = parser.parse_args()
    check_installed()
    with contestants(given) as both:
        found = [measure(both, size, given.seconds) for size in given.sizes]
    show(given.sizes, found)


if __name__ == "__main__":
    run(main)
