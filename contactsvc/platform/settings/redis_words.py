"""The URL of Redis: each option behind its ``?`` is honoured, or refused by name.

redis-py passes options to its connections as keyword arguments, and an unknown one would fail only
with the first command.
"""

import re
import ssl
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit

_NAME: Final = re.compile(r"[A-Za-z_]{1,40}")


def _one_of(*values: str) -> Callable[[str], bool]:
    return values.__contains__


def _a_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _visible(text: str) -> bool:
    return bool(re.fullmatch(r"[!-~]+", text))


def _anything(_: str) -> bool:
    return True


_YES_OR_NO: Final = _one_of("true", "false", "True", "False", "yes", "no", "1", "0")

_WORDS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "db": (_a_number, "must be a whole number."),
    "username": (_anything, ""),
    "password": (_anything, ""),
    "client_name": (_visible, "must be visible ASCII."),
    "protocol": (_one_of("2", "3"), "must be 2 or 3."),
    "health_check_interval": (_a_number, "must be a whole number of seconds."),
    "max_connections": (lambda text: _a_number(text) and int(text) > 0, "must be 1 or more."),
    "socket_keepalive": (_YES_OR_NO, "must be true or false."),
}
_TLS_WORDS: Final[Mapping[str, tuple[Callable[[str], bool], str]]] = {
    "ssl_cert_reqs": (
        _one_of("none", "optional", "required"),
        "must be none, optional or required.",
    ),
    "ssl_check_hostname": (_YES_OR_NO, "must be true or false."),
    "ssl_min_version": (_one_of("771", "772"), "must be 771 for TLS 1.2 or 772 for 1.3."),
    "ssl_ca_certs": (_anything, ""),
    "ssl_certfile": (_anything, ""),
    "ssl_keyfile": (_anything, ""),
}
_SENTINEL_WORDS: Final = ("sentinel_username", "sentinel_password")
_OF_ONE_SERVER: Final = ("db",)
"""Options of a single server. A URL of several servers has them in its path."""

_USUAL: Final = "must be like redis://user:password@host:6379/0."

_ADVICE: Final[Mapping[str, str]] = dict.fromkeys(
    ("socket_timeout", "socket_connect_timeout", "timeout", "retry_on_timeout", "retry_on_error"),
    "REDIS_TIMEOUT says how long Redis is waited for; take it out.",
)


def refused_words(url: str) -> str | None:
    """Return why the options of a URL cannot be used; None where they can.

    Args:
        url: A URL of any scheme that REDIS_URL may have.
    """
    scheme, _, rest = url.partition("://")
    known = dict(_WORDS) | dict(_TLS_WORDS)
    if "+" in scheme:
        known = {name: rule for name, rule in known.items() if name not in _OF_ONE_SERVER}
    if scheme.endswith("+sentinel"):
        known |= dict.fromkeys(_SENTINEL_WORDS, (_anything, ""))
    with_tls = scheme.partition("+")[0] == "rediss"
    words = dict(parse_qsl(rest.partition("?")[2], keep_blank_values=True))
    for word, value in words.items():
        if not _NAME.fullmatch(word):
            return "must have options such as ?db=1&client_name=contacts."
        if word in _TLS_WORDS and not with_tls:
            return f"{word}: needs rediss, which is Redis with TLS."
        fits, reason = known.get(word, (None, ""))
        if fits is None:
            return f"{word}: {_ADVICE.get(word, 'the driver does not know it; take it out.')}"
        if not fits(value):
            return f"{word}: {reason}"
    return _unusable_files(words)


def not_one_server(url: str) -> str | None:
    """Return why the URL of a single Redis, but for its options, cannot be used."""
    try:
        parts = urlsplit(url)
        usable = parts.port != 0
    except ValueError:  # whose words repeat the URL, password and all
        return _USUAL
    if parts.fragment or (parts.username is None and "@" in f"{parts.path}{parts.query}"):
        return "must have / ? # and @ in user and password escaped as %2F %3F %23 and %40."
    if parts.scheme == "unix":
        return None if len(parts.path) > 1 else "must be like unix:///run/redis.sock."
    database = unquote(parts.path).strip("/")
    return None if usable and (not database or _a_number(database)) else _USUAL


def _unusable_files(words: Mapping[str, str]) -> str | None:
    """Return what is wrong with the files of certificates that a URL names."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without the authorities of the system
    word = "ssl_ca_certs"
    try:
        if word in words:
            context.load_verify_locations(cafile=words[word])
        word = "ssl_certfile"
        if word in words:
            context.load_cert_chain(words[word], words.get("ssl_keyfile"), lambda: "")
        elif "ssl_keyfile" in words:
            return "ssl_keyfile: needs ssl_certfile."
    except ssl.SSLError:
        return f"{word}: the file is not what it should be."
    except OSError as error:
        return f"{word}: the file cannot be read: {error.strerror}."
    return None
