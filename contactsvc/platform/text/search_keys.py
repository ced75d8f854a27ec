"""Text as it is searched, sorted and told apart: without case, accents and differences of shape."""

import functools
import re
import unicodedata
from typing import Final

import idna

from contactsvc.platform.text.characters import APOSTROPHES_AND_HYPHENS, is_ignorable, is_space

_LETTERS: Final = str.maketrans("øłđħŧı", "oldhti") | {
    ord("æ"): "ae",
    ord("œ"): "oe",
    ord("þ"): "th",
    ord("ð"): "d",
    0x0671: "\u0627",  # ARABIC LETTER ALEF WASLA
    0x0640: "",  # ARABIC TATWEEL only makes a word wider
}
"""Letters that Unicode does not decompose but that people type in another way."""

_MARKS: Final = re.compile(
    "["
    "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # of Latin, Greek, Cyrillic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points and accents
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"  # Arabic:
    "\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"  # harakat, hamza above and below a letter, Quranic
    "\u0711\u0730-\u074a"  # Syriac points
    "]"
)
"""Marks that do not count. Those of other scripts tell letters apart."""

_SHAPES: Final = (
    "<wide>",
    "<narrow>",
    "<small>",
    "<vertical>",
    "<font>",
    "<initial>",
    "<medial>",
    "<final>",
    "<isolated>",
)
"""Kinds of compatibility decomposition (UAX 44) that change the looks of a character alone."""

_MAX_CHARACTERS: Final = 4
"""Characters that one may become: a few ligatures are whole sentences, and keys are limited."""


def search_key(text: str) -> str:
    """Return ``text`` without case, accents, and what a character's shape tells.

    Shapes are full and half width, ligatures, those of apostrophes and hyphens, variation selectors
    and everything else that cannot be seen. Applying it twice changes nothing.
    """
    if not text.isascii():
        text = _folded(text)
        if not text.isascii():  # what folding case brought to light is folded, too
            return _folded(text)
    return text.lower().replace("`", "'")


def _folded(text: str) -> str:
    shaped = unicodedata.normalize("NFC", text).translate(APOSTROPHES_AND_HYPHENS)
    plain = unicodedata.normalize("NFD", "".join(map(_plain_character, shaped)))
    folded = unicodedata.normalize("NFD", plain.casefold())
    bare = _MARKS.sub("", folded).translate(_LETTERS).translate(APOSTROPHES_AND_HYPHENS)
    return unicodedata.normalize("NFC", bare)


@functools.lru_cache(4096)
def _plain_character(char: str) -> str:
    if char.isascii():
        return char
    if is_ignorable(char):
        return ""
    if is_space(char):
        return " "
    decomposition = unicodedata.decomposition(char)
    is_letter = unicodedata.category(char)[0] == "L"
    if decomposition.startswith(_SHAPES) or (is_letter and decomposition.startswith("<compat>")):
        plain = unicodedata.normalize("NFKC", char)
        return plain if len(plain) <= _MAX_CHARACTERS else char
    return char


def email_key(email: str) -> str:
    """Return the form of ``email`` in which two spellings of one account's address are equal.

    Case does not count, though RFC 5321 section 2.4 would allow it to; accents and dots do. A
    domain counts the same in Unicode and in the ASCII of RFC 5891.
    """
    local, at, domain = unicodedata.normalize("NFC", email).lower().rpartition("@")
    return f"{local}{at}{_domain_key(domain)}"


@functools.lru_cache(1024)
def _domain_key(domain: str) -> str:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:  # what is no domain is nobody's address
        return domain


def email_part_key(text: str) -> str:
    """Return a part of an address, or a whole one, as it occurs in :func:`email_key`."""
    return email_key(text) if "@" in text else unicodedata.normalize("NFC", text).lower()
