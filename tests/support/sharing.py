"""Which tests share an application, and the fixtures of it."""

from collections.abc import Iterator
from typing import Final

import pytest

from tests.support import lanes
from tests.support.shared_service import LoopThread, SharedDatabase, SharedService

OWN: Final = frozenset({"monkeypatch", "caplog", "capsys", "capfd", "real_redis"})
"""Fixtures that reach into the process: a test with one of them has an application of its own."""


MARKERS: Final = ("own_app", "real_hashes", *lanes.MARKERS)
"""Markers of those that have one, too."""


@pytest.fixture
def shares_app(request: pytest.FixtureRequest) -> bool:
    """Whether the test uses the application of others."""
    marked = any(request.node.get_closest_marker(marker) for marker in MARKERS)
    return not marked and OWN.isdisjoint(request.fixturenames)


@pytest.fixture(scope="session")
def _loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture(scope="session")
def shared_database(_loop_thread: LoopThread, postgres_url: str) -> Iterator[SharedDatabase]:
    """The connection that empties the tables."""
    shared = SharedDatabase(_loop_thread, postgres_url)
    yield shared
    shared.close()


@pytest.fixture(scope="session")
def shared_service(
    _loop_thread: LoopThread,
    shared_database: SharedDatabase,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SharedService]:
    """The application of all tests that need none of their own."""
    service = SharedService(_loop_thread, tmp_path_factory.mktemp("shared"))
    yield service
    service.retire()


@pytest.fixture
def empty_tables(
    shares_app: bool, shared_service: SharedService, shared_database: SharedDatabase
) -> None:
    """Let nothing be left of the tests before; who shares no application is alone."""
    if shares_app:
        shared_service.clean(shared_database)
    else:
        shared_service.retire()
    shared_database.empty()
