"""Only who runs or lists the tests reads conftest.py."""

from pathlib import Path

import pytest

from tests.support import pytest_run

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

    run = pytest_run.pytest(tmp_path, *options, "test_it.py")

    assert run.returncode == 0, run.stdout + run.stderr
    assert "engines: PostgreSQL" in run.stdout
    assert {path.name for path in set(tmp_path.iterdir()) - before} == readers
