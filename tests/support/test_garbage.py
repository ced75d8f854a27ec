"""Who drops something without closing it is the one that fails."""

import subprocess
import sys
from pathlib import Path

import pytest

DROPS = """
import gc
import asyncpg
import pytest

pytest_plugins = ["tests.support.garbage"]


@pytest.fixture(autouse=True, scope="session")
def nobody_else_collects():
    gc.disable()


async def test_innocent_before():
    pass


async def test_guilty():
    cycle = [await asyncpg.connect({url!r})]
    cycle.append(cycle)


async def test_innocent_after():
    pass
"""

ROOT = Path(__file__).parents[2]


@pytest.mark.process
def test_a_dropped_connection_fails_the_test_that_drops_it(
    postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "test_drops.py").write_text(DROPS.format(url=postgres_url))
    options = ("-c", str(ROOT / "setup.cfg"), "--rootdir=.", "-p", "no:cacheprovider")

    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "no:randomly", "test_drops.py"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    summary = run.stdout.rpartition("short test summary info")[2]
    assert "ERROR test_drops.py::test_guilty" in summary, run.stdout + run.stderr
    assert "3 passed, 1 error" in summary, run.stdout + run.stderr
    assert "unclosed connection" in run.stdout
