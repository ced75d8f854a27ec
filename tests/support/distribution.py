"""The process that deals tests out to workers: it says what they run on, and imports none of it.

It runs no test, so conftest.py, which imports the application, would only hold the workers up. But
where coverage is measured it is this process that sees what imports run: in a worker pytest-cov
begins when conftest.py has been loaded.
"""

import os

import pytest


def pytest_report_header() -> str:
    """Say which engines are used."""
    postgres = _engine("TEST_DATABASE_URL", "embedded (pgserver wheel)")
    redis = _engine("TEST_REDIS_URL", "embedded (fakeredis)")
    return f"engines: PostgreSQL {postgres}, Redis {redis}"


def _engine(variable: str, embedded: str) -> str:
    return f"the server of {variable}" if variable in os.environ else embedded


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    options = early_config.known_args_namespace
    if getattr(options, "numprocesses", 0) and "PYTEST_XDIST_WORKER" not in os.environ:
        measured = getattr(options, "cov_source", []) != []  # None is --cov without a path
        options.noconftest |= not (options.collectonly or options.usepdb or measured)
