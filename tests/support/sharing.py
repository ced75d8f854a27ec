"""Which tests share an application, and the fixtures of it."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

import pytest
from aiohttp.test_utils import BaseTestServer
from hypothesis import is_hypothesis_test

from contactsvc.platform.settings import Settings
from tests.support import lanes
from tests.support.shared_service import (
    SERVICE,
    LoopThread,
    SharedDatabase,
    SharedService,
    retire_shared,
)

OWN: Final = frozenset({"monkeypatch", "caplog", "capsys", "capfd"})
"""Fixtures that reach into the process: a test with one of them has an application of its own."""

MARKERS: Final = ("own_app", "real_hashes", *lanes.MARKERS)
"""Markers of those that have one, too."""


def shares(item: pytest.Item) -> bool:
    """Return whether a test uses the application of others, or cannot notice that there is one.

    The worker of that application would send the mail that a test's own one, on the same tables,
    has to send. And Hypothesis takes it for a fault of the test if another thread draws a number
    of ``random`` in the midst of an example, as asyncpg does for each connection.
    """
    if is_hypothesis_test(getattr(item, "obj", None)):
        return False
    names = frozenset(getattr(item, "fixturenames", ()))
    if any(item.get_closest_marker(marker) for marker in MARKERS) or OWN & names:
        return False
    return "shared_server" in names or "postgres_url" not in names


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let those that share come first, so that it is not started anew for every other test."""
    items.sort(key=lambda item: not shares(item))


@pytest.fixture
def shares_app(request: pytest.FixtureRequest) -> bool:
    """Whether the test uses the application of others."""
    return shares(request.node)


@pytest.fixture(scope="session")
def _loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    yield thread
    thread.stop()


@pytest.fixture(scope="session")
def _shared_databases() -> Iterator[dict[str, SharedDatabase]]:
    shared: dict[str, SharedDatabase] = {}
    yield shared
    for database in shared.values():
        database.close()


@pytest.fixture
def shared_database(
    _loop_thread: LoopThread, _shared_databases: dict[str, SharedDatabase], postgres_url: str
) -> SharedDatabase:
    """The connection that empties the tables; a module may have a server of its own."""
    if postgres_url not in _shared_databases:
        _shared_databases[postgres_url] = SharedDatabase(_loop_thread, postgres_url)
    return _shared_databases[postgres_url]


@pytest.fixture(scope="session")
def shared_service(
    _loop_thread: LoopThread,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Iterator[SharedService]:
    """The application of all tests that need none of their own."""
    service = SharedService(_loop_thread, tmp_path_factory.mktemp("shared"))
    pytestconfig.stash[SERVICE] = service
    yield service
    service.retire()


@pytest.fixture
def shared_server(
    shared_service: SharedService, settings: Settings
) -> Callable[[], BaseTestServer]:
    """Returns the server of that application. Whoever asks for this shares it, if they may."""
    return partial(shared_service.server, settings)


@pytest.fixture(autouse=True)
def _alone(shares_app: bool, pytestconfig: pytest.Config) -> None:
    """Let no other application be in the process of who shares none."""
    if not shares_app:
        retire_shared(pytestconfig)


@pytest.fixture
def empty_tables(shared_service: SharedService, shared_database: SharedDatabase) -> None:
    """Let nothing be left of the tests before."""
    shared_service.clean(shared_database)
    shared_database.empty()
