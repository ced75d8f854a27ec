"""The page of outages names tests that there are, and leaves out none of them."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "reference" / "outages.rst").read_text()

LINE = re.compile(r"^   \* - (?!What goes away$)(.+(?:\n       .+)*)((?:\n     .*)+)", re.MULTILINE)
NAME = re.compile(r"``([\w/]+\.py)::(test_\w+)``")
TEST = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)

PROMISES = {what: NAME.findall(rest) for what, rest in LINE.findall(PAGE)}


def _tests_of(path: Path) -> set[str]:
    """Return the tests that a file has."""
    return set(TEST.findall(path.read_text()))


def test_the_page_has_been_read_whole() -> None:
    assert len(PROMISES) == PAGE.count("\n   * - ") - PAGE.count("   * - What goes away\n")
    assert sum(map(len, PROMISES.values())) == PAGE.count("::test_")


@pytest.mark.parametrize("what", PROMISES)
def test_every_promise_names_a_test_that_there_is(what: str) -> None:
    assert PROMISES[what]
    for path, name in PROMISES[what]:
        assert name in _tests_of(TESTS / path), f"{path}::{name}"


def test_every_test_of_outages_is_on_the_page() -> None:
    named = {test for tests in PROMISES.values() for test in tests}
    files = set(TESTS.glob("flows/test_outages_*.py")) - {Path(__file__)}

    assert len(files) == 7
    for file in files:
        path = str(file.relative_to(TESTS))
        assert {(path, name) for name in _tests_of(file)} <= named, path
