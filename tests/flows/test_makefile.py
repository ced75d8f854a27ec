"""What ``make`` says and does when it installs, with a Python that only says what it was told."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(shutil.which("make") is None, reason="no make is installed"),
]

ROOT = Path(__file__).parents[2]

LOCKED = (
    *("service", "embedded", "test", "check", "deploy", "docs", "clients"),
    *("build", "lock"),
)

PYTHON = """#!/bin/sh
if [ "$1 $2" = "-m venv" ]; then
  mkdir -p .venv/bin
  cp "$0" .venv/bin/python
  cp "$0" .venv/bin/contactsvc
  cp "$0" .venv/bin/uv
fi
echo "$*" >> calls
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
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


def calls(folder: Path, part: str) -> list[str]:
    """Return the calls of Python and of what it has installed that name a part."""
    return [line for line in (folder / "calls").read_text().splitlines() if part in line]


def test_make_run_says_what_it_does(folder: Path) -> None:
    first = make(folder, "run").splitlines()

    assert [line.split()[0] for line in first] == ["Making", "Installing", "Starting"]
    assert "may take some minutes" in first[1]
    assert [line.split()[0] for line in make(folder, "run").splitlines()] == ["Starting"]


def test_make_installs_from_the_lock_just_what_is_asked_for(folder: Path) -> None:
    make(folder, "run")

    build, libraries, service = calls(folder, "install")
    assert "--require-hashes" in build
    assert re.findall(r"requirements/(\w+)\.txt", libraries) == ["service", "embedded"]
    assert "--require-hashes" in libraries
    assert "--editable ." in service
    assert "--no-deps" in service
    assert "--no-build-isolation" in libraries
    assert "--no-build-isolation" in service


def test_a_changed_lock_is_installed(folder: Path) -> None:
    make(folder, "run")
    (folder / "calls").unlink()

    make(folder, "run")
    assert (folder / "calls").read_text() == "serve\n", "nothing is installed twice"

    later = (folder / ".venv" / "embedded").stat().st_mtime + 10
    os.utime(folder / "requirements" / "service.txt", (later, later))
    make(folder, "run")
    assert calls(folder, "--requirement requirements/service.txt")


@pytest.mark.parametrize(("target", "upgrades"), [("lock", False), ("update", True)])
def test_the_lock_is_renewed(folder: Path, target: str, upgrades: bool) -> None:
    """For each file of it once, after all were resolved together."""
    make(folder, target)

    together, *files = calls(folder, "pip compile")
    assert "--all-extras" in together
    assert ("--upgrade" in together) is upgrades
    assert [re.findall(r"requirements/\w+\.txt", call) for call in files] == [
        [f"requirements/{name}.txt"] for name in LOCKED
    ]
    for call in (together, *files):
        assert "--universal" in call, "every Python and machine"
        assert "--generate-hashes" in call


def test_make_update_takes_newer_versions(folder: Path) -> None:
    make(folder, "run")
    (folder / "calls").unlink()

    make(folder, "update")

    renewed = [call for call in calls(folder, "--upgrade") if "pip compile" in call]
    assert renewed
    installed = calls(folder, "--requirement requirements/embedded.txt")
    assert calls(folder, "").index(installed[0]) > calls(folder, "").index(renewed[0])
