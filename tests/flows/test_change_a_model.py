"""The field of docs/how-to/change-a-model.rst, added in a copy of the project."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.test_add_an_endpoint import PARTS, ROOT, blocks

PAGE = ROOT / "docs" / "how-to" / "change-a-model.rst"
MOST_PLACES = 4
"""Beside its tests and its migration."""
JUDGES = (
    "tests/views/test_nickname.py",
    "tests/contacts/test_schemas.py",
    "tests/platform/database/test_migrations.py",
)
TOUCHED = "nickname or no_model_waits or taken_back_whole or in_their_order or patch"
"""Of the judges' tests, those that a new field could fail."""


def run(project: Path, *command: str, **environment: str) -> str:
    """Run a module of Python in a project, and return what it prints."""
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


def test_a_field_takes_few_places() -> None:
    places = [block.path for block in blocks(PAGE.name) if block.path.startswith("contactsvc/")]
    assert 0 < len(places) <= MOST_PLACES, places


@pytest.mark.process
def test_the_field_is_there(tmp_path: Path, postgres_url: str) -> None:
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    for block in blocks(PAGE.name):
        block.put_into(tmp_path)
    run(tmp_path, "aerich", "migrate", "--offline", "--name", "add_nickname")

    printed = run(
        tmp_path,
        *("pytest", "-q", "-p", "no:cacheprovider", "-k", TOUCHED, *JUDGES),
        TEST_DATABASE_URL=postgres_url,
    )

    assert " passed" in printed
