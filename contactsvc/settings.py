"""One frozen object with everything that can be set, and the only reader of the environment."""

import os
import re
import secrets
from dataclasses import dataclass, fields, replace
from email.utils import getaddresses
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from environs import FileAwareEnv, validate
from limits import parse_many

__all__ = ["Settings", "SettingsError", "load_settings"]

SECRETS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SMTP_URL",
    "CLOUDINARY_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
)
"""The keys that may also come from a file, as ``NAME_FILE``."""

SECRET_KEY_MIN_LENGTH = 32
EXAMPLE_WORDS = re.compile(
    r"change.?me|example|secret.?key|placeholder|your.?(secret|key)", re.IGNORECASE
)
DATABASE_SCHEMES = ("postgres", "postgresql")
REDIS_SCHEMES = ("redis", "rediss", "unix")
SMTP_SCHEMES = ("smtp", "smtps")
SMTP_OPTIONS = ("", "starttls=auto", "starttls=required", "starttls=never")
MAIL_ADDRESS = re.compile(r"[^\s@<>()\[\],;:]+@[A-Za-z0-9.-]*[A-Za-z0-9]")
LIMITS = (
    "login_limit_per_address",
    "login_limit_per_account",
    "mail_limit_per_address",
    "mail_limit_per_account",
    "user_limit",
)
LIMIT_MAX_WINDOW = 30 * 24 * 3600


class SettingsError(Exception):
    """Some settings do not fit.

    Args:
        problems: One readable line for each.
    """

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The service's configuration, complete and checked. Times are in seconds, sizes in bytes."""

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("var")
    database_url: str | None = None
    database_pool_size: int = 10
    redis_url: str | None = None
    secret_key: str
    secret_key_fallbacks: tuple[str, ...] = ()
    public_url: str = "http://127.0.0.1:8000"
    cors_origins: tuple[str, ...] = ()
    access_token_ttl: int = 900
    refresh_token_ttl: int = 30 * 24 * 3600
    user_cache_ttl: int = 60
    session_max_age: int = 90 * 24 * 3600
    require_confirmed_email: bool = True
    confirmation_ttl: int = 24 * 3600
    reset_ttl: int = 3600
    smtp_url: str | None = None
    cloudinary_url: str | None = None
    mail_from: str = "contactsvc <contactsvc@localhost>"
    login_limit_per_address: str = "10/minute"
    login_limit_per_account: str = "5/5minutes"
    mail_limit_per_address: str = "10/minute"
    mail_limit_per_account: str = "5/5minutes"
    user_limit: str = "600/minute"
    trusted_proxies: tuple[str, ...] = ()
    registration_reveals_taken_email: bool = False
    password_min_length: int = 12
    max_body_size: int = 256 * 1024
    log_level: str = "INFO"

    @property
    def embedded(self) -> bool:
        """Whether PostgreSQL is the service's own, in ``data_dir``."""
        return self.database_url is None

    def __repr__(self) -> str:
        """Name every setting, but tell no secret."""
        shown = (
            f"{field.name}={'***' if field.name.upper() in SECRETS else getattr(self, field.name)}"
            for field in fields(self)
        )
        return f"Settings({', '.join(shown)})"


def _between(low: int, high: int | None = None) -> dict[str, Any]:
    return {"validate": validate.Range(min=low, max=high)}


_DAY = 24 * 3600
_READ: dict[str, tuple[str, dict[str, Any]]] = {
    "host": ("str", {}),
    "port": ("int", _between(1, 65535)),
    "data_dir": ("path", {}),
    "database_url": ("str", {}),
    "database_pool_size": ("int", _between(1, 1000)),
    "redis_url": ("str", {}),
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
    "max_body_size": ("int", _between(64 * 1024, 1024 * 1024 * 1024)),
    "log_level": ("str", {"validate": validate.OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])}),
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
    problems += _contradictions(given)
    if problems:
        raise SettingsError(problems)
    given["data_dir"] = given.get("data_dir", Settings.data_dir).expanduser().absolute()
    given.setdefault("secret_key", "")
    settings = Settings(**given)
    secret_key = settings.secret_key or _own_secret_key(settings.data_dir)
    if reason := _weak_key(secret_key):
        file = settings.data_dir / "secret_key"
        raise SettingsError([f"SECRET_KEY: remove {file}, a new one will be made; it {reason}"])
    return replace(
        settings,
        secret_key=secret_key,
        public_url=given.get("public_url", f"http://{settings.host}:{settings.port}").rstrip("/"),
    )


def _reason(error: ValueError) -> str:
    messages = getattr(error, "error_messages", None) or [str(error)]
    return " ".join(str(message) for message in messages)


def _contradictions(given: dict[str, Any]) -> list[str]:
    """Return a line for each value that was readable but cannot be used."""
    checks: list[tuple[str, str | None]] = [
        ("PUBLIC_URL", _not_a_base_url(given.get("public_url", Settings.public_url))),
        ("DATABASE_URL", _not_of(DATABASE_SCHEMES, given.get("database_url"))),
        ("REDIS_URL", _not_of(REDIS_SCHEMES, given.get("redis_url"))),
        ("SMTP_URL", _not_a_mail_server(given.get("smtp_url"))),
        ("CLOUDINARY_URL", _not_a_cloud(given.get("cloudinary_url"))),
        ("MAIL_FROM", _not_a_mailbox(given.get("mail_from", Settings.mail_from))),
        *((name.upper(), _not_a_limit(given[name])) for name in LIMITS if name in given),
    ]
    checks += [("CORS_ORIGINS", _not_an_origin(o)) for o in given.get("cors_origins", ())]
    checks += [("TRUSTED_PROXIES", _not_a_network(n)) for n in given.get("trusted_proxies", ())]
    checks += [
        ("SECRET_KEY_FALLBACKS", _weak_key(k)) for k in given.get("secret_key_fallbacks", ())
    ]
    everything_embedded = "database_url" not in given and "redis_url" not in given
    if "secret_key" in given or not everything_embedded:
        checks.append(("SECRET_KEY", _weak_key(given.get("secret_key", ""))))
    return [f"{name}: {reason}" for name, reason in checks if reason]


def _not_a_base_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read here, because a wrong one raises only when it is
    except ValueError:
        return "not a URL."
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an absolute http or https URL, such as https://contacts.example.com."
    if parts.query or parts.fragment or parts.username:
        return "must have no user, query or fragment."
    return None


def _not_an_origin(origin: str) -> str | None:
    if _not_a_base_url(origin) or urlsplit(origin).path:
        return f"{origin!r} is not an origin, such as https://app.example.com."
    return None


def _not_a_limit(text: str) -> str | None:
    try:
        limits = parse_many(text)
    except ValueError:
        limits = []
    if not limits or not all(
        limit.amount and limit.get_expiry() <= LIMIT_MAX_WINDOW for limit in limits
    ):
        return "must be a limit such as 10/minute or 5/5minutes, over 30 days at the most."
    return None


def _not_a_network(text: str) -> str | None:
    try:
        ip_network(text)
    except ValueError:
        return f"{text!r} is not an IP address or network, such as 10.0.0.0/8."
    return None


def _not_of(schemes: tuple[str, ...], url: str | None) -> str | None:
    # The URL itself is not repeated: it may hold a password.
    if url is not None and url.partition("://")[0] not in schemes:
        return f"must be a URL that begins with {' or '.join(s + '://' for s in schemes)}."
    return None


def _not_a_mail_server(url: str | None) -> str | None:
    if url is None:
        return None
    if reason := _not_of(SMTP_SCHEMES, url):
        return reason
    try:
        parts = urlsplit(url)
        usable = bool(parts.hostname) and parts.port != 0 and parts.path in ("", "/")
    except ValueError:
        usable = False
    starttls = url.partition("?")[2]
    if not usable or starttls not in (SMTP_OPTIONS if url.startswith("smtp:") else ("",)):
        return (
            "must be like smtp://user:password@host:587?starttls=required (or auto, or never), or "
            "smtps://user:password@host:465, with %-escapes in user and password."
        )
    return None


def _not_a_cloud(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "cloudinary" and parts.port is None and parts.path in ("", "/")
        usable = usable and all((parts.username, parts.password, parts.hostname))
        name, _, prefix = parts.query.partition("=")
        if parts.query:
            usable = usable and name == "upload_prefix" and _not_a_base_url(unquote(prefix)) is None
    except ValueError:
        usable = False
    return None if usable else "must be like cloudinary://key:secret@cloud, as Cloudinary shows it."


def _not_a_mailbox(text: str) -> str | None:
    addresses = [address for _, address in getaddresses([text])]
    usable = len(addresses) == 1 and MAIL_ADDRESS.fullmatch(addresses[0]) and text.isprintable()
    if not usable:
        return "must be an address, such as Contacts <contacts@example.com>."
    return None


def _weak_key(key: str) -> str | None:
    if not key:
        return (
            "must be set: python3 -c 'import secrets; print(secrets.token_urlsafe(48))' makes one."
        )
    if len(key) < SECRET_KEY_MIN_LENGTH:
        return f"must have at least {SECRET_KEY_MIN_LENGTH} characters."
    if len(set(key)) < SECRET_KEY_MIN_LENGTH // 4:
        return "repeats too few characters; use a random one."
    if EXAMPLE_WORDS.search(key):
        return "looks like an example; use a random one."
    return None


def _own_secret_key(data_dir: Path) -> str:
    """Return the key of an embedded installation, which is made once and kept in ``data_dir``.

    The file appears under its name only when it is whole, so of two first starts one wins and
    both use the same key.
    """
    path = data_dir / "secret_key"
    data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        draft = data_dir / f"secret_key.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
