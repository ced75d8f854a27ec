"""Reads the settings from the environment and from a file such as ``.env``."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from environs import FileAwareEnv

from contactsvc.platform import files
from contactsvc.platform.settings import checks
from contactsvc.platform.settings.data_dir import unwritable
from contactsvc.platform.settings.model import SETTINGS, Settings, SettingsError
from contactsvc.platform.settings.setting import Setting
from contactsvc.platform.text.characters import is_encodable


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment, and from ``env_file`` what is not set there.

    Args:
        env_file: A file of ``NAME=value`` lines; one that is not there is passed over.

    Raises:
        SettingsError: Some values do not fit; all of them are named at once.
    """
    env = _Environment(strip_whitespace=True)
    if env_file is not None and env_file.is_file():
        env.read_env(env_file, recurse=False)
    given, problems = _read_all(env)
    problems += _unusable(given)
    if problems:
        raise SettingsError(problems)
    given["data_dir"] = _absolute(given.get("data_dir", Settings.data_dir))
    if "password_blocklist" in given:
        given["password_blocklist"] = _absolute(given["password_blocklist"])
    given.setdefault("secret_key", "")
    settings = Settings(**given)
    secret_key = settings.secret_key or _own_secret_key(settings.data_dir)
    if reason := checks.weak_key(secret_key):
        file = settings.data_dir / "secret_key"
        raise SettingsError([f"SECRET_KEY: remove {file}, a new one will be made; it {reason}"])
    return replace(
        settings,
        secret_key=secret_key,
        public_url=given.get("public_url", _own_url(settings)).rstrip("/"),
        default_region=settings.default_region and settings.default_region.upper(),
    )


class _Environment(FileAwareEnv):
    """The variables and the files that they name, in which a blank value counts as none."""

    def _get_value(self, env_key: str, default: Any) -> Any:
        text = super()._get_value(env_key, default)
        if isinstance(text, str) and not text.strip():
            return default
        if isinstance(text, str) and not is_encodable(text):
            raise ValueError("must be UTF-8.")
        return text


def _read_all(env: _Environment) -> tuple[dict[str, Any], list[str]]:
    """Return the values that are set, by name, and a line for each that cannot be read."""
    given: dict[str, Any] = {}
    problems: list[str] = []
    for setting in SETTINGS:
        try:
            value = _read(env, setting)
        except ValueError as error:  # environs' own errors are ValueErrors too
            problems.append(f"{setting.variable}: {_reason(error)}")
        else:
            if value not in (None, ()):
                given[setting.name] = value
    return given, problems


def _read(env: _Environment, setting: Setting) -> Any:
    """Return a setting's value; None, or a list without entries, where it is not set."""
    value = getattr(env, setting.kind.parser)(setting.variable, None, validate=setting.kind.allowed)
    if isinstance(value, list):
        return tuple(part for part in map(str.strip, value) if part)
    return value


def _unusable(given: Mapping[str, Any]) -> list[str]:
    """Return a line for each value that was readable but cannot be used."""
    told = [
        (setting.variable, setting.check(part))
        for setting in SETTINGS
        if setting.check and setting.name in given
        for part in _parts(given[setting.name])
    ]
    workers, key = given.get("workers", Settings.workers), given.get("secret_key", "")
    database, redis = given.get("database_url"), given.get("redis_url")
    told += [
        ("WORKERS", checks.too_many_workers(workers, redis)),
        ("SECRET_KEY", checks.missing_key(key, database, redis)),
    ]
    return [f"{name}: {reason}" for name, reason in told if reason]


def _parts(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _absolute(path: str | Path) -> Path:
    return Path(path).expanduser().absolute()


def _own_url(settings: Settings) -> str:
    host = settings.host[0]
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def _reason(error: ValueError) -> str:
    messages = getattr(error, "error_messages", None) or [str(error)]
    return " ".join(str(message) for message in messages)


def _own_secret_key(data_dir: Path) -> str:
    """Return the key of an embedded installation, which is made once and kept in ``data_dir``.

    Of two first starts one wins, and both use the same key.
    """
    path = data_dir / "secret_key"
    if not path.exists():
        if reason := unwritable(data_dir):
            raise SettingsError([reason])
        files.write_once(path, secrets.token_urlsafe(48).encode())
    return path.read_text().strip()
