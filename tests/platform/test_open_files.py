"""The process asks for as many open files as its connections need."""

import resource

import pytest

from contactsvc.platform.open_files import RESERVED, allow_connections

INFINITY = resource.RLIM_INFINITY


@pytest.mark.parametrize(
    ("before", "after", "warned"),
    [
        ((1024, 524_288), 1000 + RESERVED, False),
        ((1024, INFINITY), 1000 + RESERVED, False),
        ((1024, 1100), 1100, True),
        ((4096, 4096), 4096, False),
        ((INFINITY, INFINITY), INFINITY, False),
    ],
)
def test_the_limit_is_raised_where_it_can_be(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    before: tuple[int, int],
    after: int,
    warned: bool,
) -> None:
    now = [before]
    monkeypatch.setattr(resource, "getrlimit", lambda _: now[0])
    monkeypatch.setattr(resource, "setrlimit", lambda _, to: now.__setitem__(0, (to[0], to[1])))

    allow_connections(1000)

    assert now == [(after, before[1])]
    assert bool(caplog.records) == warned
