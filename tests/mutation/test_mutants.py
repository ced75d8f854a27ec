"""A fault is put in where it may matter, and nowhere else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.mutation import targets
from tests.mutation.mutants import Mutant, mutants

Make = Callable[[str], list[Mutant]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def make(source: str) -> list[Mutant]:
        path = tmp_path / "module.py"
        path.write_text(source)
        return mutants(path)

    return make


def run(mutant: Mutant) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(mutant.code, names)
    return names


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("x = a < b", ["Lt becomes LtE", "Lt becomes GtE"]),
        ("x = a and b", ["without a", "without b", "And becomes Or"]),
        ("x = not a", ["Not removed"]),
        ("x = a if b else c", ["condition negated"]),
        ("x = 7", ["7 becomes 8", "7 becomes 6"]),
        ("x = 'a'", ["'a' becomes another"]),
        ("x = min(a, b)", ["min becomes max"]),
        ("x = f(a, b=c)", ["without b"]),
        ("x = {a: b, c: d}", ["without a", "without c"]),
        ("x = a, b", ["without a", "without b"]),
        ("x = [a for a in b if c]", ["without if c"]),
        ("x = a.filter().get()", ["without .filter()"]),
        ("f(a)", ["statement removed"]),
        ("a.b = c", ["statement removed"]),
        ("@a\ndef f(): pass", ["without @a"]),
        ("def f(): return a", ["returns None"]),
        ("async def f(): await a.b()", ["statement removed"]),
        ("with a(): f = b", ["without a()"]),
        ("def f(a=True): pass", ["True becomes False"]),
        (
            "x = '''\nSELECT 1 FOR UPDATE\n'''",
            ["' FOR UPDATE' becomes '' in 'SELECT 1 FOR UPDATE'"],
        ),
    ],
)
def test_what_is_changed(make: Make, source: str, changes: list[str]) -> None:
    assert [mutant.change for mutant in make(source)] == changes


@pytest.mark.parametrize(
    "source",
    [
        '"""Docstring."""',
        "import a",
        "x: tuple[A, 'B'] = a",
        "def f(a: 'A') -> 'B': pass",
        "x = cast(list[A], a)",
        "x = Callable[[A], B]",
        "x = 'Prose that people read.'",
        "@dataclass(frozen=True)\nclass A: pass",
        "a, b = c",
        "def f(): return",
        "def f(): return None",
    ],
)
def test_what_is_left_alone(make: Make, source: str) -> None:
    assert make(source) == []


def test_a_mutant_has_its_own_fault_alone(make: Make) -> None:
    source = "\n\ndef f(a):\n    if a > 1:  # why\n        return 'more'\n    return 'less'\n"
    found = {mutant.change: mutant for mutant in make(source)}

    assert run(found["Gt becomes GtE"])["f"](1) == "more"
    assert run(found["Gt becomes LtE"])["f"](1) == "more"
    assert run(found["condition negated"])["f"](2) == "less"
    assert run(found["'less' becomes another"])["f"](0) == "lessx"
    assert run(found["'less' becomes another"])["f"](2) == "more"


def test_a_mutant_is_named_by_what_the_line_says(make: Make) -> None:
    source = "def f(a):\n    return a > b  # why\n"
    (mutant, *_), (below, *_) = make(source), make("# more\n\n" + source)

    assert (mutant.line, below.line) == (2, 4)
    assert mutant.key == below.key == (str(mutant.path), "return a > b  # why", mutant.change)
    assert (mutant.function, below.function) == ((2, 2), (4, 4))


def test_every_target_and_its_tests_are_there() -> None:
    first, *others = targets.tests_of("contacts/repository")
    assert first == "tests/contacts/test_repository.py"
    assert {"tests/contacts/test_repository_pages.py", "tests/contacts/test_views.py"} <= {*others}
    for target in targets.TARGETS:
        assert targets.source_of(target).is_file()
        assert all(Path(test).is_file() for test in targets.tests_of(target))
