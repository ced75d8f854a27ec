"""What ``make`` says and does when it installs, with a Python that only says what it was told."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("make") is None, reason="no make is installed"),
]

ROOT = Path(__file__).parents[2]

PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p .venv/bin
  cp "$0" .venv/bin/python
  cp "$0" .venv/bin/contactsvc
fi
echo "$*" >> calls
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    return tmp_path


def make(folder: Path, *targets: str) -> str:
    environment = {"PATH": os.environ["PATH"]}
    command = ["make", "PYTHON=./python", *targets]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_make_run_says_what_it_does(folder: Path) -> None:
    first = make(folder, "run").splitlines()

    assert [line.split()[0] for line in first] == ["Making", "Installing", "Starting"]
    assert "may take some minutes" in first[1]
    assert [line.split()[0] for line in make(folder, "run").splitlines()] == ["Starting"]


def test_make_update_takes_newer_versions(folder: Path) -> None:
    make(folder, "run")
    (folder / "calls").unlink()

    make(folder, "run")
    assert (folder / "calls").read_text() == "serve\n", "nothing is installed twice"
    make(folder, "update")
    assert "install" in (folder / "calls").read_text().splitlines()[-1]
    assert "--upgrade --upgrade-strategy eager" in (folder / "calls").read_text().splitlines()[-1]
