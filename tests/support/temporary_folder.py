"""A folder of temporary files for each run of the tests, which no other run shuts.

pytest keeps those of all runs of a user in one folder and, as it starts, takes everybody else's
rights on it away. Where root runs the tests, PostgreSQL's system user is everybody else: a second
run would cut the servers of the first one off from their data.
"""

import shutil
import tempfile

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.option.basetemp is None:
        config.option.basetemp = tempfile.mkdtemp(prefix="tests-")
        config.add_cleanup(lambda: shutil.rmtree(config.option.basetemp, ignore_errors=True))
