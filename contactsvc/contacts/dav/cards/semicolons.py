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

_RUN: Final = re.compile(rb"\\{2,};?")
"""Backslashes, and a semicolon after them, which is not escaped where they are even in number. Each
run is read once, however long it is."""


def mended(text: bytes) -> bytes:
    """Return a card of vCard 3.0 with its semicolons escaped again; another one as it is."""
    if b"\\" not in text or text.count(b"\n") > MAX_LINES or _VERSION.search(text) is None:
        return text
    unfolded = _FOLD.sub(b"", text.replace(b"\r\n", b"\n"))
    lines = unfolded.split(b"\n")
    whole = b"\n".join(
        line if _HAS_PARTS.match(line) else _RUN.sub(_escaped, line) for line in lines
    )
    return text if whole == unfolded else whole


def _escaped(run: re.Match[bytes]) -> bytes:
    """Return a run with its semicolon, if it has one, escaped."""
    text = run[0]
    return text[1:] if text.endswith(b";") and len(text) % 2 else text
