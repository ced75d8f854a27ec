"""Which character set of Windows a text is in that is not UTF-8."""

import re
from typing import Final, Literal

# In Western languages no four letters with accents follow one another; Cyrillic has no others.
_CYRILLIC: Final = re.compile(rb"[\xc0-\xff]{4}")


def codec_of(data: bytes) -> Literal["cp1251", "cp1252"]:
    """Return the codec of Cyrillic where a text has a word of it, or else that of the West."""
    return "cp1251" if _CYRILLIC.search(data) else "cp1252"
