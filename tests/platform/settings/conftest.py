"""An environment that says what a test wants it to say, and nothing else."""

from dataclasses import fields
from pathlib import Path

import pytest

from contactsvc.platform.settings import Settings, load_settings
from tests.platform.settings.support import Load


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Load the settings in an environment that says nothing but this."""
    for name in (field.name.upper() for field in fields(Settings)):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.chdir(tmp_path)

    def load(env_file: Path | None = None, **environment: str) -> Settings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return load_settings(env_file)

    return load
