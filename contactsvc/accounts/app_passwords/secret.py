"""The text of an app password.

It begins with the id of its user, so that it is looked up among that user's alone: where the tables
are spread over servers by user, one of them is asked. The alphabet is Douglas Crockford's base 32
(https://www.crockford.com/base32.html), in which no two characters look alike.
"""

import hashlib
import re
import secrets
from typing import Final, NamedTuple

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
RANDOM: Final = 28
"""Random characters in a password: 140 bits, so a plain SHA-256 of it is enough; ASVS 5.0, 7.2.3,
asks for 128."""

MAX_LENGTH: Final = 128
"""Characters of the longest text that is looked at; a password with its dashes has 48 at most."""

_GROUP: Final = 4
_BIGINT: Final = 2**63 - 1
_SEPARATORS: Final = re.compile(r"[\s\u00ad\u200b\u2060\ufeff\u2010-\u2015\u2212-]+")
_LOOK_ALIKES: Final = str.maketrans("oil", "011")
_CANONICAL: Final = re.compile(f"([{ALPHABET}]{{1,13}})[{ALPHABET}]{{{RANDOM}}}")


class Secret(NamedTuple):
    """What the service has of an app password that was sent.

    Args:
        user_id: The user whose it claims to be.
        digest: Its SHA-256 in hex, by which it is looked up.
    """

    user_id: int
    digest: str


def new_password(user_id: int) -> str:
    """Return a new app password, in groups of letters and digits."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    groups = (text[place : place + _GROUP] for place in range(0, RANDOM, _GROUP))
    return "-".join((_base32(user_id), *groups))


def read_password(text: str) -> Secret | None:
    """Return the secret of an app password, None where the text cannot be one.

    Case, spaces and dashes of every kind do not count, as people type it and programs paste it; nor
    does it matter which of the characters that look alike was typed.
    """
    if len(text) > MAX_LENGTH:
        return None
    plain = _SEPARATORS.sub("", text).lower().translate(_LOOK_ALIKES)
    if not (match := _CANONICAL.fullmatch(plain)):
        return None
    user_id = 0
    for digit in match[1]:
        user_id = user_id * 32 + ALPHABET.index(digit)
    if not 0 < user_id <= _BIGINT:
        return None
    return Secret(user_id, hashlib.sha256(plain.encode()).hexdigest())


def digest_of(password: str) -> str:
    """Return the SHA-256 in hex of a password that :func:`new_password` has made."""
    return hashlib.sha256(password.replace("-", "").encode()).hexdigest()


def _base32(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 32)
        digits = ALPHABET[digit] + digits
    return digits
