"""One frozen object, which has defaults for a service of one's own and tells no secret."""

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from tests.platform.settings.support import KEY, POSTGRES, REDIS, Load


def test_defaults(load: Load, tmp_path: Path) -> None:
    settings = load()
    assert settings.embedded
    assert (settings.database_url, settings.redis_url) == (None, None)
    assert (settings.host, settings.port) == (("127.0.0.1",), 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.data_dir == tmp_path / "var"
    assert settings.access_token_ttl == 900
    assert settings.refresh_token_ttl == 30 * 24 * 3600
    assert settings.require_confirmed_email
    assert not settings.registration_reveals_taken_email
    assert (settings.cors_origins, settings.secret_key_fallbacks) == ((), ())


def test_settings_cannot_be_changed(load: Load) -> None:
    with pytest.raises(FrozenInstanceError):
        load().port = 1  # type: ignore[misc]


def test_repr_tells_no_secret(load: Load) -> None:
    settings = load(
        SECRET_KEY=KEY, SECRET_KEY_FALLBACKS=KEY[::-1], DATABASE_URL=POSTGRES, REDIS_URL=REDIS
    )
    for text in (repr(settings), str(settings), f"{settings}"):
        assert not [secret for secret in (KEY, KEY[::-1], "hunter2", "hunter3") if secret in text]
        assert "port=8000" in text
        assert all(f"{field.name}=" in text for field in fields(settings))
