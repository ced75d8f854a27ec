"""The walks of the how-tos that add something, gone in a copy of the project."""

import os
import re
import shutil
import subprocess
import sys
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "how-to"
PARTS = ("contactsvc", "migrations", "tests", "docs", "setup.cfg", "pyproject.toml", ".env.example")
BLOCK = re.compile(
    r"^( *)\.\. code-block:: (?:python|rst)\n\1   :caption: (\S+)\n"
    r"(?:\1   :emphasize-lines: (\S+)\n)?\n((?:\1   .*\n|\n)+)",
    re.MULTILINE,
)
JUDGES = (
    "tests/views/test_duplicates.py",
    "tests/flows/test_access_matrix.py",
    "tests/web/test_openapi_document.py",
    "tests/flows/test_documentation.py",
)


TOUCHED = "duplicates or every or nobody or signed_in or valid or reference"
"""Of the judges' tests, those that a new call could fail."""

JUDGES_OF_A_FILTER = (
    "tests/views/test_users_with_avatar.py",
    "tests/web/test_listing.py",
    "tests/accounts/administration/test_schemas.py",
    "tests/flows/test_after_an_update.py",
    "tests/flows/test_bad_parameters.py",
)
OF_A_FILTER = "avatar or listing or does_not_fit or asked or cursors_are"


class Block(NamedTuple):
    """What the page says about one file: its lines, and the numbers of those that are new."""

    path: str
    new: set[int]
    lines: list[str]

    def put_into(self, project: Path) -> None:
        """Write a new file, or add the new lines after those that are shown above them."""
        file = project / self.path
        if not self.new:
            assert not file.exists(), self.path
            file.write_text("\n".join(self.lines) + "\n")
            return
        text = file.read_text()
        known, added = self._groups()
        assert text.count(known) == 1, f"{self.path} does not say once: {known}"
        file.write_text(text.replace(known, known + added))

    def _groups(self) -> tuple[str, str]:
        numbered = enumerate(self.lines, start=1)
        groups = [
            (is_new, "".join(f"{line}\n" for _, line in lines))
            for is_new, lines in groupby(numbered, key=lambda each: each[0] in self.new)
        ]
        [(was_new, known), (is_new, added)] = groups
        assert (was_new, is_new) == (False, True), self.path
        return known, added


def blocks(page: str) -> list[Block]:
    """Return what a page that walks through a change says about files."""
    found = []
    for indentation, path, numbers, text in BLOCK.findall((PAGES / page).read_text()):
        first, _, last = numbers.partition("-")
        new = set(range(int(first), int(last or first) + 1)) if numbers else set()
        # Only the indentation of the block goes; what is beyond it is the file's.
        lines = [line[len(indentation) + 3 :] for line in text.strip("\n").splitlines()]
        found.append(Block(path, new, lines))
    return found


@pytest.mark.process
@pytest.mark.parametrize(
    ("page", "judges", "touched"),
    [
        ("add-an-endpoint.rst", JUDGES, TOUCHED),
        ("add-a-filter.rst", JUDGES_OF_A_FILTER, OF_A_FILTER),
    ],
)
def test_the_walk_leads_there(
    tmp_path: Path, postgres_url: str, page: str, judges: tuple[str, ...], touched: str
) -> None:
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    for block in blocks(page):
        block.put_into(tmp_path)

    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", touched, *judges],
        cwd=tmp_path,
        env=os.environ | {"TEST_DATABASE_URL": postgres_url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=1800,
    )

    assert result.returncode == 0, result.stdout
    assert " passed" in result.stdout
