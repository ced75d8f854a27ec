"""The command, on the test's engines."""

from pathlib import Path

import pytest

from tests.cli.support import Command

KEY = "kY3-for-tests-only_0123456789abcdef"


@pytest.fixture
def command(
    postgres_url: str,
    empty_tables: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    redis_url: str | None,
) -> Command:
    """The command, in an empty folder and on empty tables."""
    monkeypatch.chdir(tmp_path)
    redis = {"REDIS_URL": redis_url} if redis_url else {}
    return Command(DATABASE_URL=postgres_url, SECRET_KEY=KEY, DATA_DIR=str(tmp_path), **redis)
