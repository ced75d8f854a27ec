"""What is said of mutants that were noticed, that were not, and that need not be."""

from pathlib import Path

import pytest

from tests.mutation import targets
from tests.mutation.__main__ import EQUIVALENT, in_turn
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.report import Target, equivalent, is_enough, report, stale
from tests.mutation.targets import TARGETS, source_of
from tests.mutation.trials import OUTSIDE, Verdict

CODE = compile("", "nothing", "exec")
FILE = source_of("web/operation")
GREEN, RED, HANGS = Verdict(0), Verdict(1, "test_a"), Verdict(None)


def mutant(number: int, function: tuple[int, int] | None = None) -> Mutant:
    return Mutant(FILE, number, f"line {number}", "change", function, CODE)


def target(count: int) -> Target:
    return Target("web/operation", [mutant(number) for number in range(count)])


def reasons(*numbers: int) -> dict[tuple[str, str, str], str]:
    return {mutant(number).key: "It does nothing." for number in numbers}


@pytest.mark.parametrize(
    ("survivors", "listed", "enough"),
    [(3, 0, True), (4, 0, False), (4, 1, False), (4, 2, True), (20, 20, True)],
)
def test_85_percent_of_those_that_change_something(
    survivors: int, listed: int, enough: bool
) -> None:
    access = target(20)
    for one in access.mutants:
        access.note(one, GREEN if one.line < survivors else RED)

    assert is_enough(access, reasons(*range(listed))) is enough


def test_each_survivor_is_told_with_its_place_or_its_reason() -> None:
    access = target(4)
    for one, verdict in zip(access.mutants, (GREEN, RED, HANGS, GREEN), strict=True):
        access.note(one, verdict)

    _, table, *survivors = report([access], reasons(3))

    assert table.split() == [str(FILE), "4", "4", "2", "1", "1", "66.7%"]
    assert survivors == [
        f"survived: {FILE}:0: line 0  [change]",
        f"equivalent: {FILE}:3: line 3  [change]: It does nothing.",
    ]


def test_an_entry_of_the_list_that_is_wrong_is_told() -> None:
    access = target(3)
    access.note(access.mutants[0], GREEN)
    access.note(access.mutants[1], RED)

    assert list(stale([access], reasons(0, 1, 2, 7))) == [
        f"listed as equivalent, but killed: {FILE} | line 1 | change",
        f"listed as equivalent, but there is no such mutant: {FILE} | line 7 | change",
    ]


def test_only_tests_that_run_the_function_are_run_the_sharpest_first() -> None:
    access = target(0)
    lines = {3: ["test_b", "test_a"], 4: ["test_c"], 9: ["test_d"], 12: [OUTSIDE, "test_a"]}
    access.sound = Verdict(0, lines=lines)
    inside = mutant(3, (3, 4))
    access.note(inside, Verdict(1, "test_c"))

    assert access.tests_for(inside) == ["test_c", "test_b", "test_a"]
    for elsewhere in (mutant(1), mutant(12, (11, 12))):
        assert access.tests_for(elsewhere) == targets.tests_of("web/operation"), "it runs at import"


def test_the_same_seed_gives_the_same_order_and_each_file_its_part() -> None:
    small, large = target(2), target(20)

    order = [one.line for _, one in in_turn([small, large], 1)]

    assert order == [one.line for _, one in in_turn([small, large], 1)]
    assert order != [one.line for _, one in in_turn([small, large], 2)]
    half = list(in_turn([small, large], 1))[:11]
    assert sum(whose is small for whose, _ in half) == 1


@pytest.mark.slow
def test_the_list_is_of_mutants_that_there_are() -> None:
    listed = equivalent(EQUIVALENT.read_text())
    lines = {line for _, line, _ in listed}
    made = [Target(name, mutants(source_of(name), only=lines)) for name in TARGETS]

    assert list(stale(made, listed)) == []
    assert {Path(file) for file, _, _ in listed} <= {source_of(name) for name in TARGETS}
