"""What can be read but not used: each check says why, in words for whoever sets the service up."""

import re
from email.utils import getaddresses
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from limits import parse_many

from contactsvc.platform.settings.database_server import DatabaseServer
from contactsvc.platform.settings.model import Settings
from contactsvc.platform.settings.password_lists import unusable
from contactsvc.platform.settings.redis_servers import RedisServers
from contactsvc.platform.settings.redis_words import not_one_server, refused_words
from contactsvc.platform.settings.regions import regions

SECRET_KEY_MIN_LENGTH = 32
EXAMPLE_WORDS = re.compile(
    r"change.?me|example|secret.?key|placeholder|your.?(secret|key)", re.IGNORECASE
)
DATABASE_SCHEMES = ("postgres", "postgresql")
REDIS_SCHEMES = (
    *("redis", "rediss", "unix"),
    *("redis+sentinel", "rediss+sentinel", "redis+cluster", "rediss+cluster"),
)
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


def contradictions(given: dict[str, Any]) -> list[str]:
    """Return a line for each value that was readable but cannot be used."""
    checks: list[tuple[str, str | None]] = [
        ("PUBLIC_URL", _not_a_base_url(given.get("public_url", Settings.public_url))),
        ("DATABASE_URL", _not_a_database(given.get("database_url"))),
        ("REDIS_URL", _not_a_redis(given.get("redis_url"))),
        ("WORKERS", _too_many_workers(given)),
        ("SMTP_URL", _not_a_mail_server(given.get("smtp_url"))),
        ("CLOUDINARY_URL", _not_a_cloud(given.get("cloudinary_url"))),
        ("DEFAULT_REGION", _not_a_region(given.get("default_region"))),
        ("MAIL_FROM", _not_a_mailbox(given.get("mail_from", Settings.mail_from))),
        ("PASSWORD_BLOCKLIST", _not_a_password_list(given.get("password_blocklist"))),
        ("PASSWORD_BREACH_CHECK", _not_a_breach_check(given.get("password_breach_check"))),
        *((name.upper(), _not_a_limit(given[name])) for name in LIMITS if name in given),
    ]
    checks += [("CORS_ORIGINS", _not_an_origin(o)) for o in given.get("cors_origins", ())]
    checks += [("TRUSTED_PROXIES", _not_a_network(n)) for n in given.get("trusted_proxies", ())]
    checks += [("SECRET_KEY_FALLBACKS", weak_key(k)) for k in given.get("secret_key_fallbacks", ())]
    everything_embedded = "database_url" not in given and "redis_url" not in given
    if "secret_key" in given or not everything_embedded:
        checks.append(("SECRET_KEY", weak_key(given.get("secret_key", ""))))
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


def _not_a_password_list(path: str | None) -> str | None:
    return None if path is None else unusable(Path(path).expanduser())


def _not_a_breach_check(text: str | None) -> str | None:
    if text in (None, "true", "false") or _not_a_base_url(text) is None:
        return None
    return "must be true, false, or the URL of a server of ranges of SHA-1."


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


def _too_many_workers(given: dict[str, Any]) -> str | None:
    # The Redis in the process is no other process's: each would count and cache for itself.
    if given.get("workers", Settings.workers) > 1 and "redis_url" not in given:
        return "more than one needs a Redis that they share: set REDIS_URL."
    return None


def _not_of(schemes: tuple[str, ...], url: str | None) -> str | None:
    # The URL itself is not repeated: it may hold a password.
    if url is not None and url.partition("://")[0] not in schemes:
        return f"must be a URL that begins with {' or '.join(s + '://' for s in schemes)}."
    return None


def _not_a_database(url: str | None) -> str | None:
    if url is None:
        return None
    if reason := _not_of(DATABASE_SCHEMES, url):
        return reason
    try:
        DatabaseServer.parse(url).tls_argument()
    except ValueError as error:
        return str(error)
    return None


def _not_a_redis(url: str | None) -> str | None:
    if url is None:
        return None
    if reason := _not_of(REDIS_SCHEMES, url):
        return reason
    try:
        if "+" in url.partition("://")[0]:
            RedisServers.parse(url)
        elif reason := not_one_server(url):
            return reason
    except ValueError as error:
        return str(error)
    return refused_words(url)


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


def _not_a_region(code: str | None) -> str | None:
    if code is None or (code.isascii() and code.upper() in regions()):
        return None
    return "must be an ISO 3166-1 alpha-2 code, such as GB."


def weak_key(key: str) -> str | None:
    """Return why a secret key is not to be used; None where it may be."""
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
