"""Whether the machine is fit to measure on."""

import time
from pathlib import Path
from typing import Final

from benchmarks.server import cores

BUSY: Final = 0.05
"""Share of the machine's CPU that others may use."""

_IDLE: Final = (3, 4)
"""The fields of /proc/stat that count idle time and time in which only input is awaited."""


def busy_share(before: str, after: str) -> float:
    """Return the share of CPU that was in use, or stolen by other virtual machines.

    Args:
        before: The first line of /proc/stat.
        after: The same line, later.
    """
    # Fields 9 and 10 are counted among others already (proc_stat(5)).
    first, second = ([int(field) for field in line.split()[1:9]] for line in (before, after))
    spent = [b - a for a, b in zip(first, second, strict=True)]
    return 1 - sum(spent[i] for i in _IDLE) / max(1, sum(spent))


def warnings(seconds: float = 2) -> list[str]:
    """Watch the machine for some seconds; return what spoils a measurement."""
    before = _line()
    time.sleep(seconds)
    share = busy_share(before, _line())
    found = []
    if share > BUSY:
        found.append(f"{share:.0%} of the machine is in use by others; only CPU is roughly right.")
    if len(set(cores())) == 1:
        found.append("There is one core alone: server and load take turns.")
    return found


def _line() -> str:
    return Path("/proc/stat").read_text().partition("\n")[0]
