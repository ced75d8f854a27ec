"""The signing keys, by the key id (``kid``) that their signatures carry."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Key:
    """A secret and its public id."""

    kid: str
    secret: bytes


def _key(secret: str) -> Key:
    # The id is a digest, so it neither tells the secret nor changes between starts.
    digest = hashlib.sha256(b"contactsvc key name:" + secret.encode()).hexdigest()
    return Key(digest[:16], secret.encode())


class Keyring:
    """The signing key and those that are still accepted.

    Args:
        secret_key: The key that signs, and verifies.
        fallbacks: Retired keys, which only verify. Drop one when its last signature has expired.
    """

    def __init__(self, secret_key: str, fallbacks: Sequence[str] = ()) -> None:
        self.signing = _key(secret_key)
        keys = [self.signing, *map(_key, fallbacks)]
        self._by_kid = {key.kid: key for key in keys}

    def find(self, kid: str) -> Key | None:
        """Return the configured key with that id; None where there is none."""
        return self._by_kid.get(kid)

    def __iter__(self) -> Iterator[Key]:
        """Go through the keys, the signing one first."""
        return iter(self._by_kid.values())
