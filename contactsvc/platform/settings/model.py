"""One frozen object with everything that can be set, and its defaults."""

from dataclasses import dataclass, fields
from pathlib import Path

SECRETS = (
    "DATABASE_URL",
    "REDIS_URL",
    "SMTP_URL",
    "CLOUDINARY_URL",
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "METRICS_TOKEN",
)
"""The keys that may also come from a file, as ``NAME_FILE``."""

BREACH_RANGE_URL = "https://api.pwnedpasswords.com/range/"
"""Have I Been Pwned's own."""


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

    host: tuple[str, ...] = ("127.0.0.1",)
    port: int = 8000
    workers: int = 1
    shutdown_delay: int = 5
    shutdown_timeout: int = 20
    data_dir: Path = Path("var")
    database_url: str | None = None
    database_pool_size: int = 10
    database_timeout: float = 1.2
    redis_url: str | None = None
    redis_timeout: float = 0.5
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
    unconfirmed_ttl: int = 7 * 24 * 3600
    ended_session_ttl: int = 30 * 24 * 3600
    mail_ttl: int = 30 * 24 * 3600
    dead_mail_ttl: int = 90 * 24 * 3600
    audit_ttl: int = 180 * 24 * 3600
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
    default_region: str | None = None
    password_blocklist: Path | None = None
    password_breach_check: str | None = None
    max_body_size: int = 256 * 1024
    max_connections: int = 1000
    max_contacts: int = 100_000
    log_level: str = "INFO"
    log_format: str = "text"
    metrics_token: str | None = None

    @property
    def embedded(self) -> bool:
        """Whether PostgreSQL is the service's own, in ``data_dir``."""
        return self.database_url is None

    @property
    def breach_range_url(self) -> str | None:
        """What the beginning of a hash is put behind to ask for breached passwords."""
        known = {None: None, "false": None, "true": BREACH_RANGE_URL}
        given = self.password_breach_check
        return known[given] if given in known else f"{given}".rstrip("/") + "/"

    def __repr__(self) -> str:
        """Name every setting, but tell no secret."""
        shown = (
            f"{field.name}={'***' if field.name.upper() in SECRETS else getattr(self, field.name)}"
            for field in fields(self)
        )
        return f"Settings({', '.join(shown)})"
