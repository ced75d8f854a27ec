"""Walks: pages of docs/how-to that change the project step by step, gone in a copy of it.

A block of code with a caption is about the file of that name. Its highlighted lines are new beside
the others; in a ``diff``, lines go, too; and where nothing is highlighted, the whole file is new.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = ROOT / "docs" / "how-to"

_PARTS = (
    *("contactsvc", "migrations", "tests", "docs"),
    *("setup.cfg", "pyproject.toml", ".env.example"),
)
_BLOCK = re.compile(
    r"^( *)\.\. code-block:: (\S+)\n\1   :caption: (\S+)\n"
    r"(?:\1   :emphasize-lines: (\S+)\n)?\n((?:\1   .*\n|\n)+)",
    re.MULTILINE,
)


class Block(NamedTuple):
    """What a page says about one file.

    Attributes:
        path: The file, below the project.
        before: Whole lines that it has once; empty if the file is new.
        after: What stands in their place.
    """

    path: str
    before: str
    after: str

    def put_into(self, project: Path) -> None:
        """Change the file as the page says."""
        file = project / self.path
        if not self.before:
            assert not file.exists(), self.path
            file.write_text(self.after)
            return
        text, before = f"\n{file.read_text()}", f"\n{self.before}"
        assert text.count(before) == 1, f"{self.path} does not say once: {before}"
        file.write_text(text.replace(before, f"\n{self.after}").removeprefix("\n"))


def blocks(page: str) -> list[Block]:
    """Return what a page says about files, in its order."""
    return [
        # Only the indentation of the block goes; what is beyond it is the file's.
        _block(language, path, numbers, re.sub(f"^{indentation}   ", "", text, flags=re.MULTILINE))
        for indentation, language, path, numbers, text in _BLOCK.findall((PAGES / page).read_text())
    ]


def places(page: str) -> list[str]:
    """Return the files of the package that a page changes, each as often as it does."""
    return [block.path for block in blocks(page) if block.path.startswith("contactsvc/")]


def walk(page: str, project: Path) -> None:
    """Make a copy of the project in an empty folder, and change it as a page says."""
    for part in _PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, project / part)
    for block in blocks(page):
        block.put_into(project)


def run(project: Path, *command: str, **environment: str) -> str:
    """Run a module of Python in a project, see that it succeeds, and return what it prints."""
    result = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(project)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=1800,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def run_tests(project: Path, selected: str, *files: str, **environment: str) -> None:
    """Run tests of a project, and see that there are some and that they pass.

    Args:
        project: Where it is.
        selected: What the names of the tests to run have in them, as ``pytest -k`` takes it.
        files: Where the tests are.
        environment: Variables to run them with.
    """
    options = ("-q", "-p", "no:cacheprovider", "-k", selected)
    assert " passed" in run(project, "pytest", *options, *files, **environment)


def _block(language: str, path: str, numbers: str, text: str) -> Block:
    lines = text.strip("\n").splitlines(keepends=True)
    lines[-1] = lines[-1].removesuffix("\n") + "\n"
    if language == "diff":
        return Block(path, _of_diff(lines, " -"), _of_diff(lines, " +"))
    first, _, last = numbers.partition("-")
    new = range(int(first), int(last or first) + 1) if numbers else range(1, len(lines) + 1)
    known = [line for number, line in enumerate(lines, start=1) if number not in new]
    return Block(path, "".join(known), "".join(lines))


def _of_diff(lines: list[str], signs: str) -> str:
    return "".join(line[1:] for line in lines if line[0] in signs)
