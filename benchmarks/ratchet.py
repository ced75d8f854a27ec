"""The shares of the floor's speed that have been reached, below which the service must not fall."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_suffix(".json")
"""CPU of a request at the floor, divided by that at the service, by the names of the requests."""

SLACK: Final = 0.10
"""The part of a ratio that may be lost before it counts: two measurements are never the same."""

Ratios = Mapping[str, float]


def read(file: Path = FILE) -> dict[str, float]:
    """Return the ratios that are held."""
    held: dict[str, float] = json.loads(file.read_text())
    return held


def problems(held: Ratios, measured: Ratios) -> list[str]:
    """Return a line for each ratio that is SLACK worse than the one held, or is not held at all."""
    found = []
    for name, ratio in measured.items():
        if name not in held:
            found.append(f"{name}: {ratio:.2f}, and no ratio is held")
        elif ratio < held[name] * (1 - SLACK):
            lost = 1 - ratio / held[name]
            found.append(f"{name}: {ratio:.2f}, {lost:.0%} worse than {held[name]:.2f}")
    return found


def raised(held: Ratios, measured: Ratios) -> dict[str, float]:
    """Return the better ones of both; whoever wants to hold less changes the file by hand."""
    return {
        name: round(max(held.get(name, 0), measured.get(name, 0)), 3)
        for name in sorted({*held, *measured})
    }


def write(ratios: Ratios, file: Path = FILE) -> None:
    """Hold these ratios from now on."""
    file.write_text(f"{json.dumps(ratios, indent=2)}\n")
