"""The URL of PostgreSQL as libpq reads it: each of its words is honoured, or refused by name.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""

import re
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from contactsvc.platform.settings.database_tls import MODES, TLS_REQUIRED, TLS_WORDS, TlsFiles

_URL: Final = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^/?]*)@)?(?P<hosts>[^/?@]*)"
    r"(?:/(?P<database>[^?]*))?(?:\?(?P<query>.*))?",
    re.DOTALL,
)
_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.%]+\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_NAME: Final = re.compile(r"[A-Za-z_]{1,40}")

_NO_OP_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "channel_binding": ("disable", "prefer"),
    "client_encoding": ("auto", "utf8", "UTF8", "utf-8", "UTF-8"),
    "gssencmode": ("disable", "prefer"),
    "load_balance_hosts": ("disable",),
    "sslcompression": ("0",),
    "sslsni": ("1",),
}
"""Words with the values that change nothing, because the driver does the same without them."""

_ADVICE: Final[Mapping[str, str]] = {
    "channel_binding": (
        "the driver has no channel binding; take it out, and let "
        "sslmode=verify-full&sslrootcert=system check who the server is."
    ),
    "client_encoding": "the service speaks UTF8; take it out.",
    "hostaddr": "the driver does not know it; put the address in place of the host.",
    "keepalives": "the driver does not know it; DATABASE_TIMEOUT bounds every wait.",
    "keepalives_idle": "the driver does not know it; DATABASE_TIMEOUT bounds every wait.",
    "keepalives_interval": "the driver does not know it; DATABASE_TIMEOUT bounds every wait.",
    "keepalives_count": "the driver does not know it; DATABASE_TIMEOUT bounds every wait.",
    "tcp_user_timeout": "the driver does not know it; DATABASE_TIMEOUT bounds every wait.",
    "schema": "the driver does not know it; use options=-csearch_path%3DNAME.",
    "service": "a service file is not read; put what it says into the URL.",
    "servicefile": "a service file is not read; put what it says into the URL.",
}
"""What to do about words that are refused and likely to be met."""

_SESSIONS: Final = ("any", "primary", "read-write")


@dataclass(frozen=True)
class DatabaseServer:
    """Where PostgreSQL is, and how to connect to it.

    Args:
        hosts: Names, addresses or folders of sockets, each with its port; None is libpq's default.
        options: Other arguments of ``asyncpg.connect``.
        server_settings: What PostgreSQL is told at the beginning of a session.
        tls_mode: libpq's ``sslmode``; None is the driver's default, ``prefer``.
        tls: The other words about TLS.
    """

    hosts: tuple[tuple[str | None, int], ...]
    options: dict[str, Any]
    server_settings: dict[str, str]
    tls_mode: str | None
    tls: TlsFiles

    @classmethod
    def parse(cls, url: str) -> "DatabaseServer":
        """Read ``postgres://user:password@host:port,host:port/database?word=value&word=value``.

        Raises:
            ValueError: It is no such URL, or a word cannot be honoured. The reason does not repeat
                the URL: it may hold a password.
        """
        match = _URL.fullmatch(url)
        query = (match["query"] or "") if match else ""
        if match is None or (match["user"] is None and "@" in f"{match['database']}{query}"):
            raise ValueError(
                "must be like postgres://user:password@host:5432/database, with / ? and @ in user "
                "and password escaped as %2F %3F and %40."
            )
        words = _words(query)
        user, _, password = (match["user"] or "").partition(":")
        options: dict[str, Any] = {
            "user": _decoded(user) or words.pop("user", None),
            "password": _decoded(password) or words.pop("password", None),
            "database": _database(match["database"], words),
        }
        hosts = _hosts(match["hosts"], words)
        mode = _tls_mode(words)
        files = TlsFiles.extract(words, mode)
        server_settings = _server_settings(words)
        options |= _options(words)
        if options.get("direct_tls") and mode not in TLS_REQUIRED:
            raise ValueError(f"sslnegotiation: direct needs sslmode={', '.join(TLS_REQUIRED)}.")
        _refuse(words)
        return cls(hosts, options, server_settings, mode, files)

    def tls_argument(self) -> ssl.SSLContext | str | None:
        """Return ``ssl`` as ``asyncpg.connect`` takes it.

        Raises:
            ValueError: A file cannot be used; the reason names the word that says it.
        """
        return self.tls.context() or self.tls_mode


def _decoded(text: str) -> str:
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError as error:
        raise ValueError("must have %-escapes of UTF-8.") from error
    if "\0" in decoded:
        raise ValueError("must not hold %00.")
    return decoded


def _words(query: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")
        if not equals or not _NAME.fullmatch(name):
            raise ValueError("must have options such as ?sslmode=require&connect_timeout=5.")
        words[name] = _decoded(value)  # + is a plus, as libpq has it
    return {name: value for name, value in words.items() if value}


def _database(path: str | None, words: dict[str, str]) -> str | None:
    named = [words.pop(name, None) for name in ("dbname", "database")]
    return _decoded(path or "") or named[0] or named[1]


def _hosts(authority: str, words: dict[str, str]) -> tuple[tuple[str | None, int], ...]:
    texts = authority.split(",")
    if "host" in words:
        texts, of_url = words.pop("host").split(","), texts
        if any(of_url):
            raise ValueError("host: the URL names one already.")
    ports = words.pop("port", "").split(",")
    if len(ports) not in (1, len(texts)):
        raise ValueError("port: there must be one, or one for each host.")
    ports = ports * len(texts) if len(ports) == 1 else ports
    return tuple(_host(text, port) for text, port in zip(texts, ports, strict=True))


def _host(text: str, port: str) -> tuple[str | None, int]:
    if text.startswith("/"):
        name, digits = text, port
    else:
        match = _HOST.fullmatch(text)
        if match is None:
            raise ValueError("must have hosts such as db.example.com:5432 or [2001:db8::1]:5432.")
        name, digits = _decoded(match["name"]).strip("[]"), match["port"] or port
    digits = digits or "5432"
    if not digits.isascii() or not digits.isdigit() or not 0 < int(digits[:9]) < 65536:
        raise ValueError("must have a port from 1 to 65535.")
    return name or None, int(digits)


def _tls_mode(words: dict[str, str]) -> str | None:
    for name in ("sslmode", "ssl"):
        if name in words:
            mode = words.pop(name)
            mode = "require" if name == "ssl" and mode in ("true", "1") else mode  # as libpq
            if mode not in MODES:
                raise ValueError(f"{name}: must be one of {', '.join(MODES)}.")
            words.pop("ssl", None)
            return mode
    return None


def _server_settings(words: dict[str, str]) -> dict[str, str]:
    fallback = words.pop("fallback_application_name", "contactsvc")
    settings = {"application_name": words.pop("application_name", fallback)}
    if "options" in words:
        settings["options"] = words.pop("options")
    return settings


def _seconds(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= 3600:
        raise ValueError("must be a number of seconds from 1 to 3600.")
    return int(text)


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError("must be a whole number.")
    return int(text)


def _session(text: str) -> str:
    if text not in _SESSIONS:
        raise ValueError(f"the service writes, so it must be one of {', '.join(_SESSIONS)}.")
    return text


def _negotiation(text: str) -> bool:
    if text not in ("postgres", "direct"):
        raise ValueError("must be postgres or direct.")
    return text == "direct"


_OPTIONS: Final[Mapping[str, tuple[str, Callable[[str], Any]]]] = {
    "connect_timeout": ("timeout", _seconds),
    "target_session_attrs": ("target_session_attrs", _session),
    "sslnegotiation": ("direct_tls", _negotiation),
    "passfile": ("passfile", str),
    "krbsrvname": ("krbsrvname", str),
    # Not libpq's, but the driver's: PgBouncer needs the first one.
    "statement_cache_size": ("statement_cache_size", _count),
    "max_cached_statement_lifetime": ("max_cached_statement_lifetime", _count),
    "max_cacheable_statement_size": ("max_cacheable_statement_size", _count),
}
"""Words, what ``asyncpg.connect`` calls them, and how they are read."""


def _options(words: dict[str, str]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for word in [word for word in words if word in _OPTIONS]:
        name, read = _OPTIONS[word]
        try:
            options[name] = read(words.pop(word))
        except ValueError as error:
            raise ValueError(f"{word}: {error}") from error
    return options


def _refuse(words: dict[str, str]) -> None:
    """Refuse what is left of the words.

    Raises:
        ValueError: There is something that cannot be done without.
    """
    for word, value in words.items():
        if value in _NO_OP_VALUES.get(word, ()):
            continue
        if word in TLS_WORDS:  # none of them is left where TLS is sure
            raise ValueError(f"{word}: needs sslmode=require, verify-ca or verify-full.")
        raise ValueError(
            f"{word}: {_ADVICE.get(word, 'the driver does not know it; take it out.')}"
        )
