"""The checks of settings: each returns why a text cannot be used, in words for an operator."""

import re
from email.utils import getaddresses
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from limits import parse_many

from contactsvc.platform.settings.database_server import DatabaseServer
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
LIMIT_MAX_WINDOW = 30 * 24 * 3600


def not_a_base_url(url: str) -> str | None:
    """Return why a text is not a URL that others can be put behind; None where it is."""
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


def not_a_path(text: str) -> str | None:
    """Return why a text is not a path, which may begin with ~ or ~user; None where it is."""
    try:
        Path(text).expanduser()
    except RuntimeError:
        return f"{text} begins with a user who has no home folder here."
    return None


def not_a_password_list(path: str) -> str | None:
    """Return why a text is not the path of a list of passwords; None where it is."""
    return not_a_path(path) or unusable(Path(path).expanduser())


def not_a_breach_check(text: str) -> str | None:
    """Return why a text is not true, false or the URL of a server of ranges; None where it is."""
    if text in ("true", "false") or not_a_base_url(text) is None:
        return None
    return "must be true, false, or the URL of a server of ranges of SHA-1."


def not_an_origin(origin: str) -> str | None:
    """Return why a text is not the origin of a web page; None where it is."""
    if not_a_base_url(origin) or urlsplit(origin).path:
        return f"{origin!r} is not an origin, such as https://app.example.com."
    return None


def not_a_limit(text: str) -> str | None:
    """Return why a text is not a limit of requests in a time; None where it is."""
    try:
        limits = parse_many(text)
    except ValueError:
        limits = []
    if not limits or not all(
        limit.amount and limit.get_expiry() <= LIMIT_MAX_WINDOW for limit in limits
    ):
        return "must be a limit such as 10/minute or 5/5minutes, over 30 days at the most."
    return None


def not_a_network(text: str) -> str | None:
    """Return why a text is not an IP address or network; None where it is."""
    try:
        ip_network(text)
    except ValueError:
        return f"{text!r} is not an IP address or network, such as 10.0.0.0/8."
    return None


def _not_of(schemes: tuple[str, ...], url: str) -> str | None:
    # The URL itself is not repeated: it may hold a password.
    if url.partition("://")[0] not in schemes:
        return f"must be a URL that begins with {' or '.join(s + '://' for s in schemes)}."
    return None


def not_a_database(url: str) -> str | None:
    """Return why a text is not the URL of a PostgreSQL; None where it is."""
    if reason := _not_of(DATABASE_SCHEMES, url):
        return reason
    try:
        DatabaseServer.parse(url).tls_argument()
    except ValueError as error:
        return str(error)
    return None


def not_a_redis(url: str) -> str | None:
    """Return why a text is not the URL of a Redis, a Cluster or Sentinels; None where it is."""
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


def not_a_mail_server(url: str) -> str | None:
    """Return why a text is not the URL of a mail server; None where it is."""
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


def not_a_cloud(url: str) -> str | None:
    """Return why a text is not the URL of an account at Cloudinary; None where it is."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "cloudinary" and parts.port is None and parts.path in ("", "/")
        usable = usable and all((parts.username, parts.password, parts.hostname))
        name, _, prefix = parts.query.partition("=")
        if parts.query:
            usable = usable and name == "upload_prefix" and not_a_base_url(unquote(prefix)) is None
    except ValueError:
        usable = False
    return None if usable else "must be like cloudinary://key:secret@cloud, as Cloudinary shows it."


def not_a_mailbox(text: str) -> str | None:
    """Return why a text is not one address that mail may come from; None where it is."""
    addresses = [address for _, address in getaddresses([text])]
    usable = len(addresses) == 1 and MAIL_ADDRESS.fullmatch(addresses[0]) and text.isprintable()
    if not usable:
        return "must be an address, such as Contacts <contacts@example.com>."
    return None


def not_a_region(code: str) -> str | None:
    """Return why a text is not the code of a country or territory; None where it is."""
    if code.isascii() and code.upper() in regions():
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


def too_many_workers(workers: int, redis_url: str | None) -> str | None:
    """Return why so many processes cannot serve with this Redis; None where they can."""
    # The Redis in the process is no other process's: each would count and cache for itself.
    if workers > 1 and redis_url is None:
        return "more than one needs a Redis that they share: set REDIS_URL."
    return None


def missing_key(secret_key: str, *outside: str | None) -> str | None:
    """Return why a secret key must be set; None where one is, or where nothing is outside.

    Args:
        secret_key: The one that is set; empty if none is.
        outside: The URLs of PostgreSQL and Redis; None for one that is embedded.
    """
    return weak_key("") if any(outside) and not secret_key else None
