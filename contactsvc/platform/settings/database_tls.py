"""What a PostgreSQL URL says about TLS, as an SSL context."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
TLS_REQUIRED: Final = ("require", "verify-ca", "verify-full")
"""Modes in which nothing goes over a connection that is not encrypted."""

TLS_WORDS: Final[tuple[str, ...]] = (
    *("sslrootcert", "sslcrl", "sslcert", "sslkey", "sslpassword"),
    *("ssl_min_protocol_version", "ssl_max_protocol_version"),
)
_VERSIONS: Final = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_SYSTEM: Final = "system"
"""``sslrootcert=system``: the authorities that the machine trusts (libpq 16)."""


@dataclass(frozen=True)
class TlsFiles:
    """The words about TLS beside ``sslmode``.

    Args:
        mode: The sslmode that they belong to.
        words: Those of TLS_WORDS that the URL has, with their values.
    """

    mode: str | None
    words: dict[str, str]

    @classmethod
    def extract(cls, words: dict[str, str], mode: str | None) -> "TlsFiles":
        """Remove the TLS words from those of a URL and return them, if the mode is in TLS_REQUIRED.

        Raises:
            ValueError: They contradict the mode.
        """
        if words.get("sslrootcert") == _SYSTEM and mode != "verify-full":
            raise ValueError("sslrootcert: system needs sslmode=verify-full.")
        if mode not in TLS_REQUIRED:
            return cls(mode, {})
        extracted = {name: words.pop(name) for name in TLS_WORDS if name in words}
        for name in ("ssl_min_protocol_version", "ssl_max_protocol_version"):
            if extracted.get(name, "TLSv1.2") not in _VERSIONS:
                raise ValueError(f"{name}: must be one of {', '.join(_VERSIONS)}.")
        return cls(mode, extracted)

    def context(self) -> ssl.SSLContext | None:
        """Return the context that they describe; None leaves it to the driver.

        Raises:
            ValueError: A file cannot be used; the reason names the word that says it.
        """
        if not self.words:
            self._require_authorities()
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = self.mode == "verify-full"
        context.set_alpn_protocols(["postgresql"])  # PostgreSQL 17 wants it for direct TLS
        self._load_authorities(context)
        self._load_client_certificate(context)
        context.minimum_version = self._version("ssl_min_protocol_version", "TLSv1.2")
        if "ssl_max_protocol_version" in self.words:
            context.maximum_version = self._version("ssl_max_protocol_version", "")
        return context

    def _require_authorities(self) -> None:
        if self.mode in ("verify-ca", "verify-full") and _default_authorities() is None:
            raise ValueError(
                f"sslmode: {self.mode} needs sslrootcert=FILE, or sslmode=verify-full with "
                "sslrootcert=system for the authorities that this machine trusts."
            )

    def _load_authorities(self, context: ssl.SSLContext) -> None:
        """Load the authorities; with ``require`` there need be none, but if so they count."""
        file = self.words.get("sslrootcert") or _default_authorities()
        if file == _SYSTEM:
            context.load_default_certs()
        elif file is not None:
            with _errors_name("sslrootcert"):
                context.load_verify_locations(cafile=file)
        else:
            self._require_authorities()
            context.verify_mode = ssl.CERT_NONE
        if "sslcrl" in self.words:
            with _errors_name("sslcrl"):
                context.load_verify_locations(cafile=self.words["sslcrl"])
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN

    def _load_client_certificate(self, context: ssl.SSLContext) -> None:
        """Load the client's own certificate."""
        if "sslcert" in self.words:
            password = self.words.get("sslpassword", "")
            with _errors_name("sslcert"):
                context.load_cert_chain(
                    self.words["sslcert"], self.words.get("sslkey"), lambda: password
                )
        elif "sslkey" in self.words:
            raise ValueError("sslkey: needs sslcert.")

    def _version(self, word: str, default: str) -> ssl.TLSVersion:
        return ssl.TLSVersion[self.words.get(word, default).replace(".", "_")]


def _default_authorities() -> str | None:
    """Return libpq's own file of authorities, if there is one."""
    if named := os.environ.get("PGSSLROOTCERT"):  # noqa: TID251 - a setting, though libpq's
        return named
    try:
        file = Path.home() / ".postgresql" / "root.crt"
    except RuntimeError:
        return None
    return str(file) if file.is_file() else None


@contextmanager
def _errors_name(word: str) -> Iterator[None]:
    try:
        yield
    except ssl.SSLError as error:
        raise ValueError(f"{word}: the file is not what it should be.") from error
    except OSError as error:
        raise ValueError(f"{word}: the file cannot be read: {error.strerror}.") from error
