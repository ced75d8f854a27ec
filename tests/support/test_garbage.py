"""Who drops something without closing it is the one that fails."""

from pathlib import Path

import pytest

from tests.support import pytest_run

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


@pytest.mark.process
def test_a_dropped_connection_fails_the_test_that_drops_it(
    postgres_url: str, tmp_path: Path
) -> None:
    (tmp_path / "test_drops.py").write_text(DROPS.format(url=postgres_url))

    run = pytest_run.pytest(tmp_path, "-p", "no:randomly", "test_drops.py")

    summary = run.stdout.rpartition("short test summary info")[2]
    assert "ERROR test_drops.py::test_guilty" in summary, run.stdout + run.stderr
    assert "3 passed, 1 error" in summary, run.stdout + run.stderr
    assert "unclosed connection" in run.stdout
