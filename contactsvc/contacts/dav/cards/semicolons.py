r"""Takes back what a program has made of a semicolon that it did not understand.

In vCard 3.0 the semicolons of a text are escaped (RFC 2426, 4), and Evolution cuts a text at one
that is not. Thunderbird takes ``\;`` in a text for two characters, shows them, and sends the card
back with the backslash escaped, ``\\;``: the text would have got a backslash.
"""

import re
from typing import Final

_VERSION: Final = re.compile(rb"(?im)^VERSION:3\.0[ \t]*\r?$")
_FOLD: Final = re.compile(rb"\r?\n[ \t]")
_HAS_PARTS: Final = re.compile(rb"(?i)(?:[a-z0-9-]+\.)?(?:N|ADR|ORG)[;:]")
"""Begins lines whose semicolons part their values."""

_DOUBLED: Final = re.compile(rb"(?<!\\)((?:\\\\)*\\)\\;")
"""Escaped backslashes and a semicolon that is not."""


def mended(text: bytes) -> bytes:
    """Return a card of vCard 3.0 with its semicolons escaped again; another one as it is."""
    if b"\\" not in text or _VERSION.search(text) is None:
        return text
    unfolded = _FOLD.sub(b"", text)
    lines = unfolded.split(b"\n")
    whole = b"\n".join(
        line if _HAS_PARTS.match(line) else _DOUBLED.sub(rb"\1;", line) for line in lines
    )
    return text if whole == unfolded else whole
