"""Reads the settings out of the environment and a file of it."""

import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

from environs import FileAwareEnv, validate

from contactsvc.platform import files
from contactsvc.platform.settings.checks import contradictions, weak_key
from contactsvc.platform.settings.data_dir import unwritable
from contactsvc.platform.settings.model import Settings, SettingsError


def _between(low: float, high: float | None = None) -> dict[str, Any]:
    return {"validate": validate.Range(min=low, max=high)}


_DAY = 24 * 3600
_READ: dict[str, tuple[str, dict[str, Any]]] = {
    "host": ("list", {}),
    "port": ("int", _between(1, 65535)),
    "workers": ("int", _between(1, 64)),
    "shutdown_delay": ("int", _between(0, 300)),
    "shutdown_timeout": ("int", _between(1, 300)),
    "data_dir": ("path", {}),
    "database_url": ("str", {}),
    "database_pool_size": ("int", _between(1, 1000)),
    "database_timeout": ("float", _between(0.1, 300)),
    "redis_url": ("str", {}),
    "redis_timeout": ("float", _between(0.05, 60)),
    "secret_key": ("str", {}),
    "secret_key_fallbacks": ("list", {}),
    "public_url": ("str", {}),
    "cors_origins": ("list", {}),
    "access_token_ttl": ("int", _between(1, _DAY)),
    "refresh_token_ttl": ("int", _between(1, 3650 * _DAY)),
    "user_cache_ttl": ("int", _between(1, 3600)),
    "session_max_age": ("int", _between(1, 3650 * _DAY)),
    "require_confirmed_email": ("bool", {}),
    "confirmation_ttl": ("int", _between(60, 30 * _DAY)),
    "reset_ttl": ("int", _between(60, _DAY)),
    "unconfirmed_ttl": ("int", _between(_DAY, 3650 * _DAY)),
    "ended_session_ttl": ("int", _between(_DAY, 3650 * _DAY)),
    "mail_ttl": ("int", _between(_DAY, 3650 * _DAY)),
    "dead_mail_ttl": ("int", _between(_DAY, 3650 * _DAY)),
    "audit_ttl": ("int", _between(31 * _DAY, 3650 * _DAY)),
    "smtp_url": ("str", {}),
    "cloudinary_url": ("str", {}),
    "mail_from": ("str", {}),
    "login_limit_per_address": ("str", {}),
    "login_limit_per_account": ("str", {}),
    "mail_limit_per_address": ("str", {}),
    "mail_limit_per_account": ("str", {}),
    "user_limit": ("str", {}),
    "trusted_proxies": ("list", {}),
    "registration_reveals_taken_email": ("bool", {}),
    "password_min_length": ("int", _between(8, 128)),
    "default_region": ("str", {}),
    "password_blocklist": ("str", {}),
    "password_breach_check": ("str", {}),
    "max_body_size": ("int", _between(64 * 1024, 1024 * 1024 * 1024)),
    "max_connections": ("int", _between(10, 100_000)),
    "max_contacts": ("int", _between(1, 10_000_000)),
    "log_level": ("str", {"validate": validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])}),
    "log_format": ("str", {"validate": validate.OneOf(["text", "json"])}),
    "metrics_token": ("str", {}),
}
"""How each setting is read: environs' parser and its options. Defaults stand in Settings."""


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings from the environment, and from ``env_file`` what is not set there.

    Args:
        env_file: A file of ``NAME=value`` lines; one that is not there is passed over.

    Raises:
        SettingsError: Some values do not fit; all of them are named at once.
    """
    env = FileAwareEnv(strip_whitespace=True)
    if env_file is not None and env_file.is_file():
        env.read_env(env_file, recurse=False)
    given: dict[str, Any] = {}
    problems: list[str] = []
    for name, (parser, options) in _READ.items():
        try:
            value = getattr(env, parser)(name.upper(), None, **options)
        except ValueError as error:  # environs' own errors are ValueErrors too
            problems.append(f"{name.upper()}: {_reason(error)}")
        else:
            if value not in (None, "", []):
                is_list = isinstance(value, list)
                given[name] = tuple(part.strip() for part in value) if is_list else value
    problems += contradictions(given)
    if problems:
        raise SettingsError(problems)
    given["data_dir"] = given.get("data_dir", Settings.data_dir).expanduser().absolute()
    blocklist: str | None = given.get("password_blocklist")
    given["password_blocklist"] = Path(blocklist).expanduser().absolute() if blocklist else None
    given.setdefault("secret_key", "")
    settings = Settings(**given)
    secret_key = settings.secret_key or _own_secret_key(settings.data_dir)
    if reason := weak_key(secret_key):
        file = settings.data_dir / "secret_key"
        raise SettingsError([f"SECRET_KEY: remove {file}, a new one will be made; it {reason}"])
    return replace(
        settings,
        secret_key=secret_key,
        public_url=given.get("public_url", _own_url(settings)).rstrip("/"),
        default_region=settings.default_region and settings.default_region.upper(),
    )


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
