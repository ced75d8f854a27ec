"""How much of what has no end a run tries: samples of it, or far more with HYPOTHESIS_PROFILE."""

import itertools
import os
from collections.abc import Iterator, Sequence
from typing import Final, TypeVar

Item = TypeVar("Item")

PROFILE: Final = os.environ.get("HYPOTHESIS_PROFILE", "contactsvc")
"""The profile of Hypothesis, which is registered in address_books.py."""
THOROUGH: Final = PROFILE == "thorough"


def samples(few: int, many: int) -> int:
    """Return how many samples this run takes."""
    return many if THOROUGH else few


def dealt(values: Sequence[Item], each: int) -> Iterator[list[Item]]:
    """Deal values out without end: the next ``each`` of them to every place that asks.

    In a thorough run everybody gets them all.
    """
    endless = itertools.cycle(values)
    while True:
        yield list(itertools.islice(endless, samples(min(each, len(values)), len(values))))
