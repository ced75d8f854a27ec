"""The fast lane has what is quick, and of what has parameters one."""

from pathlib import Path

import pytest

from tests.support import pytest_run

PLUGINS = """
pytest_plugins = ("tests.support.lanes", "tests.support.sharing", "tests.support.fast_lane")
"""

TESTS = """
import pytest

@pytest.fixture
def client(): pass
@pytest.fixture
def make_client(postgres_url): pass
@pytest.fixture
def redis_server(): pass
@pytest.fixture
def postgres_url(): pass

def test_alone(): pass
@pytest.mark.parametrize("n", range(5))
def test_of_many_parameters(n): pass
def test_that_shares(client): pass
def test_of_tables(postgres_url): pass

def test_that_patches_its_application(client, monkeypatch): pass
def test_with_settings_of_its_own(make_client): pass
def test_with_a_second_process(redis_server): pass
@pytest.mark.slow
def test_of_much(): pass
@pytest.mark.outage
def test_of_an_outage(): pass
"""


@pytest.mark.process
def test_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(PLUGINS)
    (tmp_path / "test_it.py").write_text(TESTS)

    run = pytest_run.pytest(tmp_path, "-n", "0", "-m", "fast", "--collect-only", "-q", "test_it.py")

    assert run.returncode == 0, run.stdout + run.stderr
    listed = [line.partition("::")[2] for line in run.stdout.splitlines() if "::" in line]
    names = [name.partition("[")[0] for name in listed]
    assert sorted(names) == [
        "test_alone",
        "test_of_many_parameters",
        "test_of_tables",
        "test_that_shares",
    ]
