"""The walk of docs/how-to/add-a-setting.rst, gone in a copy of the project."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.test_add_an_endpoint import PARTS, ROOT, blocks

PAGE = ROOT / "docs" / "how-to" / "add-a-setting.rst"
JUDGES = (
    "tests/platform/settings/test_environment.py::test_everything_can_be_set",
    *("tests/platform/settings/test_setting.py", "tests/platform/settings/test_example.py"),
    *("tests/flows/test_documentation.py", "-k", "setting or example or everything"),
)


def run(folder: Path, *arguments: str) -> str:
    result = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


@pytest.mark.process
def test_the_walk_leads_there(tmp_path: Path) -> None:
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, tmp_path / part)
    for block in blocks(PAGE.name):
        block.put_into(tmp_path)

    (tmp_path / ".env.example").write_text(run(tmp_path, "contactsvc.platform.settings.example"))

    assert "\n#MAIL_REPLY_TO=\n" in (tmp_path / ".env.example").read_text()
    told = run(tmp_path, "pytest", "-q", "-p", "no:cacheprovider", *JUDGES)
    assert " passed" in told
