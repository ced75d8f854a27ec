"""Cells that a spreadsheet would run as formulas are written behind an apostrophe.

See OWASP, CSV Injection.
"""

import re
from typing import Final

_FORMULA: Final = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_PLAIN_NUMBER: Final = re.compile(r"\+[0-9]+(?: [0-9]+)*")


def guarded(text: str) -> str:
    """Return a cell that no spreadsheet runs; a number such as ``+46 8 555 0208`` stays."""
    if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def unguarded(text: str) -> str:
    """Return what :func:`guarded` was given."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text
