"""Text as it is searched, sorted and told apart: without case and without accents."""

import contextlib
import unicodedata
from typing import Final

import idna

_STROKED: Final = str.maketrans("øłđħŧı", "oldhti") | {
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
    ord("ð"): "d",
}
"""Letters that Unicode does not take apart but that people type without their stroke."""


def search_key(text: str) -> str:
    """Return ``text`` without case and accents.

    Only the diacritics of the Latin, Greek and Cyrillic scripts go (U+0300 to U+036F); the marks of
    other scripts tell letters apart. Applying it twice changes nothing.
    """
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    bare = "".join(char for char in folded if not "\u0300" <= char <= "\u036f")
    return unicodedata.normalize("NFC", bare.translate(_STROKED))


def email_key(email: str) -> str:
    """Return the form of ``email`` in which two spellings of one account's address are equal.

    Case does not count, though RFC 5321 section 2.4 would allow it to; accents and dots do. A
    domain counts the same in Unicode and in the ASCII of RFC 5891.
    """
    local, at, domain = unicodedata.normalize("NFC", email).lower().rpartition("@")
    with contextlib.suppress(idna.IDNAError):  # what is no domain is nobody's address
        domain = idna.encode(domain, uts46=True).decode()
    return f"{local}{at}{domain}"
