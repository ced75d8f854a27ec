"""What a test needs beyond this process says its marker, so that the fast lane can leave it out."""

import platform
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest

MARKERS: Final = ("outage", "browser", "process")
BY_FIXTURE: Final = {"browser": "browser", "redis_server": "process"}
"""Fixtures that say enough: their tests need no marker of their own."""

STARTS: Final = frozenset({"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty"})
"""Audit events (PEP 578) of a process that starts another one."""


Wrapper = Generator[None, object, object]


class _Guard:
    """Whether the test that runs may start a second process."""

    allowed = True

    @contextmanager
    def set(self, allowed: bool) -> Iterator[None]:
        before, self.allowed = self.allowed, allowed
        try:
            yield
        finally:
            self.allowed = before

    def hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in STARTS and not self.allowed:
            pytest.fail(f"a second process needs a marker of {MARKERS}: {arguments[:2]}")


_guard = _Guard()


def pytest_configure() -> None:
    platform.processor()  # asks uname once a process; libraries do so when they are imported
    sys.addaudithook(_guard.hook)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for fixture, marker in BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Wrapper:
    with _guard.set(is_marked(item)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Wrapper:
    with _guard.set(is_marked(item)):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Wrapper:
    """The engines of the whole run are nobody's second process."""
    with _guard.set(_guard.allowed or fixturedef.scope == "session"):
        return (yield)


def is_marked(item: pytest.Item) -> bool:
    """Return whether a test is left out of the fast lane."""
    return any(item.get_closest_marker(name) for name in MARKERS)
