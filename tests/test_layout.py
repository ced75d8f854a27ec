"""Every module has its tests where one looks: those of web/docs_page.py are views/test_docs.py."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "contactsvc"
ROOMS = sorted({file.parent.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py")})
"""Its folders; ``.`` is the package itself."""


def modules(room: str) -> dict[str, Path]:
    """Return the modules of a room by the names that their tests go by: ``__main__`` is main."""
    files = (PACKAGE / room).glob("*.py")
    return {file.stem.strip("_"): file for file in files if file.stem != "__init__"}


def names_of_tests(room: str) -> set[str]:
    """Return what follows ``test_`` in the names of a room's files."""
    files = (TESTS / room).glob("test_*.py")
    return {file.stem.removeprefix("test_") for file in files if file != Path(__file__)}


def behaves(module: Path) -> bool:
    """Return whether a module does anything; some only declare columns, fields or keys."""
    tree = ast.parse(module.read_text())
    program = any(isinstance(statement, ast.If) for statement in tree.body)
    return program or any(map(_does_something, ast.walk(tree)))


def _does_something(node: ast.AST) -> bool:
    """Return whether it is a function with more in it than its docstring or ``...``."""
    if isinstance(node, ast.Lambda):
        return True
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return False
    constants = (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant) for s in node.body)
    return not all(constants)


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_that_does_something_has_a_file_of_tests(room: str) -> None:
    needed = {name for name, module in modules(room).items() if behaves(module)}

    assert sorted(needed - names_of_tests(room)) == []


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_tests_is_named_for_its_module(room: str) -> None:
    """Where one file is not enough, an aspect follows: test_contacts_pages.py."""
    strays = [
        name
        for name in names_of_tests(room)
        if not any(name == module or name.startswith(f"{module}_") for module in modules(room))
    ]

    assert sorted(strays) == []
