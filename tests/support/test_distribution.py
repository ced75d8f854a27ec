"""Only who runs or lists the tests reads conftest.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NOTES_WHO_READS_IT = """
import os
from pathlib import Path

Path(os.environ.get("PYTEST_XDIST_WORKER", "no worker")).touch()
"""


@pytest.mark.process
@pytest.mark.parametrize(
    ("options", "readers"),
    [
        (["-n", "2"], {"gw0", "gw1"}),
        (["-n", "0"], {"no worker"}),
        (["-n", "2", "--collect-only"], {"no worker"}),
    ],
    ids=["workers", "no_workers", "listing"],
)
def test_who_reads_conftest(options: list[str], readers: set[str], tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(NOTES_WHO_READS_IT)
    (tmp_path / "test_it.py").write_text("def test_it():\n    pass\n")
    before = set(tmp_path.iterdir())
    ours = ("-c", str(ROOT / "setup.cfg"), "--rootdir=.", "-p", "no:cacheprovider")
    outside = {name: value for name, value in os.environ.items() if "XDIST" not in name}

    run = subprocess.run(
        [sys.executable, "-m", "pytest", *ours, *options, "test_it.py"],
        cwd=tmp_path,
        env=outside | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert run.returncode == 0, run.stdout + run.stderr
    assert "engines: PostgreSQL" in run.stdout
    assert {path.name for path in set(tmp_path.iterdir()) - before} == readers
