"""Which tests are in the fast lane: they say so by a marker that nobody writes."""

from typing import Final

import pytest

from tests.support import lanes
from tests.support.sharing import shares

STARTS_APP: Final = frozenset({"client", "make_client"})
"""Fixtures of an application, the test's own where it cannot share that of others."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    taken = set[str]()
    for item in items:
        name = item.nodeid.partition("[")[0]
        # Of a test with parameters one is in it; the order decides which.
        if name not in taken and _is_fast(item):
            taken.add(name)
            item.add_marker("fast")


def _is_fast(item: pytest.Item) -> bool:
    starts_app = not shares(item) and not STARTS_APP.isdisjoint(getattr(item, "fixturenames", ()))
    return not (lanes.is_marked(item) or item.get_closest_marker("slow") or starts_app)
