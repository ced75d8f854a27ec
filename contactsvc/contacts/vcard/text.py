"""Texts in values: what is escaped in them, and what separates them."""

import re
from typing import Final

MAX_PARTS: Final = 10_000
"""Parts of a value, such as categories."""

_OLD_ESCAPE: Final = re.compile(r"\\([;:,])")
_ESCAPED: Final = re.compile(r"[\\,;\r\n]")
_ESCAPES: Final = (("\\n", "\n"), ("\\N", "\n"), ("\\,", ","), ("\\;", ";"), ("\\:", ":"))


def unescape(text: str, *, is_old: bool = False) -> str:
    r"""Return a text without escapes (RFC 6350, 3.4).

    A backslash before any other character stays: not everybody escapes it, as in ``C:\\temp``.

    Args:
        text: The text as it stands in the line.
        is_old: Whether it is of vCard 2.1, in which a backslash escapes separators alone.
    """
    if "\\" not in text:
        return text
    if is_old:
        return _OLD_ESCAPE.sub(r"\1", text)
    pieces = text.split("\\\\")
    for escaped, char in _ESCAPES:
        if escaped in text:
            pieces = [piece.replace(escaped, char) for piece in pieces]
    return "\\".join(pieces)


def escape(text: str) -> str:
    """Return a text with its backslashes, separators and line ends escaped (RFC 6350, 3.4)."""
    if _ESCAPED.search(text) is None:
        return text
    text = text.replace("\\", "\\\\").replace(",", "\\,").replace(";", "\\;")
    return text.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def needs_escape(text: str) -> bool:
    """Return whether anything in a text has to be escaped."""
    return _ESCAPED.search(text) is not None


def split(text: str, separator: str) -> list[str]:
    """Return the parts of a text between separators that are not escaped.

    Raises:
        ValueError: There are more than MAX_PARTS.
    """
    parts = text.split(separator, MAX_PARTS)
    if len(parts) > MAX_PARTS:
        raise ValueError("The line has too many parts.")
    if "\\" not in text:
        return parts
    whole: list[str] = []
    pending: list[str] = []
    for part in parts:
        pending.append(part)
        if (len(part) - len(part.rstrip("\\"))) % 2 == 0:
            whole.append(separator.join(pending))
            pending = []
    return [*whole, separator.join(pending)] if pending else whole
