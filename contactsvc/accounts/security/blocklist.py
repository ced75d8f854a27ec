"""The operator's list of refused passwords: searched in its file, which is never loaded.

The file is opened anew for each look-up, so it can be replaced while the service runs.
"""

import os
from hashlib import sha1
from pathlib import Path
from typing import IO, Final

from contactsvc.platform.settings.password_lists import (
    HASH_DIGITS,
    LINE_MAX_LENGTH,
    Kind,
    kind_of,
    line_after,
)

_BLOCK: Final = 4096
"""Size in bytes of the part that is searched line by line after the bisection."""

_CHUNK: Final = 1024 * 1024
"""Bytes of a plain list that are read at a time."""


class Blocklist:
    """A file of refused passwords: plain, or their SHA-1 in ascending order.

    Args:
        path: Path of the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def holds(self, password: str) -> bool:
        """Return whether the file has a password as it is or in lower case; this reads the file.

        Raises:
            OSError: The file cannot be read.
            ValueError: The file is neither a plain list nor one of SHA-1.
        """
        forms = {form.encode(errors="surrogatepass") for form in (password, password.casefold())}
        with self._path.open("rb", buffering=0) as file:
            if kind_of(file) is Kind.PLAIN:
                return _has_line(file, forms)
            return any(_has_hash(file, _sha1(form)) for form in forms)


def _sha1(form: bytes) -> bytes:
    return sha1(form, usedforsecurity=False).hexdigest().upper().encode()


def _has_hash(file: IO[bytes], wanted: bytes) -> bool:
    # The line, if it is there, begins at low or behind it, and before high.
    low, high = 0, os.fstat(file.fileno()).st_size
    while high - low > _BLOCK:
        start, line = line_after(file, (low + high) // 2)
        found = line[:HASH_DIGITS].upper()
        if found == wanted:
            return True
        low, high = (start, high) if found < wanted else (low, start)
    lines = os.pread(file.fileno(), high - low + LINE_MAX_LENGTH, low).splitlines()
    return any(line[:HASH_DIGITS].upper() == wanted for line in lines)


def _has_line(file: IO[bytes], wanted: set[bytes]) -> bool:
    # A password with a line end in it would be found across two lines.
    lines = [line for line in wanted if b"\n" not in line]
    if not lines:
        return False
    needles = [b"\n" + line + end for line in lines for end in (b"\n", b"\r\n")]
    overlap = max(map(len, needles))
    file.seek(0)
    kept = b"\n"
    while chunk := file.read(_CHUNK):
        kept += chunk
        if any(needle in kept for needle in needles):
            return True
        kept = kept[-overlap:]
    return any(needle in kept + b"\n" for needle in needles)
