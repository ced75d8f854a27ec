"""Characters that XML can have, in texts and in UTF-8 (XML 1.0, section 2.2).

Others cannot stand in it at all, not even as a character reference, so they are left out.
"""

import re
from typing import Final

_ILLEGAL: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ILLEGAL_BYTES: Final = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_ILLEGAL_SEQUENCES: Final = ("\ufffe".encode(), "\uffff".encode())


def legal(text: str) -> str:
    """Return a text without what XML cannot have."""
    return _ILLEGAL.sub("", text) if _ILLEGAL.search(text) else text


def legal_utf8(data: bytes) -> bytes:
    """Return a text in UTF-8 without what XML cannot have, in a tenth of the time."""
    data = data.translate(None, _ILLEGAL_BYTES)
    for each in _ILLEGAL_SEQUENCES:
        data = data.replace(each, b"")
    return data
