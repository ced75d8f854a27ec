"""Cells that a spreadsheet would run as formulas are written behind an apostrophe.

A program may also cut a line at other delimiters than commas, as Excel does where decimals have a
comma, or at line ends, and take no notice of quotes in the middle of what it has cut. So whatever
a cell may fall apart into is written so, too. See OWASP, CSV Injection.
"""

import re
from typing import Final

_BEGINS: Final = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA: Final = re.compile(f"'*[{_BEGINS}\t\r]")
_HARMLESS: Final = re.compile(f"[^{_BEGINS}'\t\r\n;|][^\t\n;|]*")
"""Most cells: no formula can begin at their beginning, and nothing cuts them."""
_PLAIN_NUMBER: Final = re.compile(r"\+[0-9]+(?: [0-9]+)*")
_CUT: Final = '([;|\t\n](?:[^\\S\t\n]|")*)'
_PART: Final = re.compile(f"{_CUT}('*[{_BEGINS}])")
_GUARDED_PART: Final = re.compile(f"{_CUT}'('*[{_BEGINS}])")


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet runs; a number such as ``+46 8 555 0208`` stays."""
    if not text or _HARMLESS.fullmatch(text):
        return text
    parts = _PART.sub(r"\1'\2", text)
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + parts
    return parts


def unguarded(text: str, *, is_own: bool) -> str:
    """Return what :func:`guarded` was given.

    Args:
        text: A cell.
        is_own: Whether this service has written it. Others guard the beginning alone.
    """
    if text[:1] == "'" and _FORMULA.match(text):
        text = text[1:]
    return _GUARDED_PART.sub(r"\1\2", text) if is_own else text
