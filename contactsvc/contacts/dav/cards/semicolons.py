r"""Takes back what a program has made of a semicolon that it did not understand.

In vCard 3.0 the semicolons of a text are escaped (RFC 2426, 4), and Evolution cuts a text at one
that is not. Thunderbird takes ``\;`` in a text for two characters, shows them, and sends the card
back with the backslash escaped, ``\\;``: the text would have got a backslash.
"""

import re
from typing import Final

from contactsvc.contacts.vcard.envelopes import MAX_LINES

_VERSION: Final = re.compile(rb"(?im)^VERSION:3\.0[ \t]*\r?$")
_FOLD: Final = re.compile(rb"\n[ \t]")
_HAS_PARTS: Final = re.compile(rb"(?i)(?:[a-z0-9-]+\.)?(?:N|ADR|ORG)[;:]")
"""Begins lines whose semicolons part their values."""


def mended(text: bytes) -> bytes:
    """Return a card of vCard 3.0 with its semicolons escaped again; another one as it is."""
    if b"\\" not in text or b"\0" in text or text.count(b"\n") > MAX_LINES:
        return text
    if _VERSION.search(text) is None:
        return text
    unfolded = _FOLD.sub(b"", text.replace(b"\r\n", b"\n"))
    lines = unfolded.split(b"\n")
    whole = b"\n".join(line if _HAS_PARTS.match(line) else _escaped(line) for line in lines)
    return text if whole == unfolded else whole


def _escaped(line: bytes) -> bytes:
    """Return a line in which a semicolon behind escaped backslashes has one of them for itself.

    Three replacements take as much memory as the line; a match for each of 3 million runs of
    backslashes would take 600 MiB and a second.
    """
    pairs = line.replace(b"\\\\", b"\0")  # from the left, so an odd backslash stays the last one
    return pairs.replace(b"\0;", b"\\;").replace(b"\0", b"\\\\")
