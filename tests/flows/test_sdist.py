"""The sdist holds what a checkout does: whoever has it can build, check, test and document it."""

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

MADE = {"PKG-INFO"}
"""What is in the sdist and in no checkout."""


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.process
@pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None,
    reason="needs a checkout: in an unpacked sdist nothing tells what should be there",
)
def test_everything_of_a_checkout_is_in_the_sdist(tmp_path: Path) -> None:
    """What is not committed yet may be in it, and need not: it may be somebody's notes."""
    listed = git("ls-files", "-z").split("\0")
    checkout = {name for name in listed if (ROOT / name).is_file()}
    new = set(git("ls-files", "-z", "--others", "--exclude-standard").split("\0"))
    command = [sys.executable, "-m", "hatchling", "build", "--target", "sdist"]

    subprocess.run([*command, "--directory", tmp_path], cwd=ROOT, check=True, capture_output=True)

    [archive] = tmp_path.iterdir()
    with tarfile.open(archive) as sdist:
        packed = {name.partition("/")[2] for name in sdist.getnames()}
    assert sorted(checkout - packed) == [], "pyproject.toml, tool.hatch.build.targets.sdist"
    assert sorted(packed - checkout - new - MADE) == []
