"""The page of threats names tests that there are, and leaves out none of the attack matrix."""

import re
from pathlib import Path

import pytest

from tests.flows.test_attacks_on_tokens import ATTACKS

TESTS = Path(__file__).parents[1]
PAGE = (TESTS.parent / "docs" / "explanation" / "threats.rst").read_text()

ROW = re.compile(
    r"^   \* - (?!Attack$)(.+)\n     - (.+)\n     - (\| .+(?:\n       \| .+)*)", re.MULTILINE
)
NAME = re.compile(r"``([\w/]+\.py)::(test_\w+)(?:\[(.+?)\])?``")
TEST = re.compile(r"^(?:async )?def (test_\w+)\(", re.MULTILINE)

THREATS = {attack: NAME.findall(tests) for attack, _, tests in ROW.findall(PAGE)}
NAMED = set(NAME.findall(PAGE))
FORGERIES = ("flows/test_attacks_on_tokens.py", "test_a_forged_token_opens_nothing")


def _tests_of(path: str) -> set[str]:
    """Return the tests that a file has."""
    return set(TEST.findall((TESTS / path).read_text()))


def test_the_page_has_been_read_whole() -> None:
    assert len(THREATS) == PAGE.count("\n   * - ") - PAGE.count("   * - Attack\n")
    assert sum(map(len, THREATS.values())) == PAGE.count("::test_")


@pytest.mark.parametrize("attack", THREATS)
def test_every_attack_names_a_test_that_there_is(attack: str) -> None:
    assert THREATS[attack]
    for path, name, _ in THREATS[attack]:
        assert name in _tests_of(path), f"{path}::{name}"


def test_every_test_of_the_attack_matrix_is_on_the_page() -> None:
    files = (TESTS / "flows").glob("test_attacks*.py")
    matrix = {
        (path, name)
        for path in (str(file.relative_to(TESTS)) for file in files)
        for name in _tests_of(path)
    }

    assert len(matrix) > 20
    assert {(path, name) for path, name, _ in NAMED} >= matrix


def test_every_forgery_is_on_the_page() -> None:
    assert {which for *test, which in NAMED if tuple(test) == FORGERIES} == set(ATTACKS)
