"""Cursors of keyset pages: opaque to the client, good only for the listing they came from."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

import orjson

from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.keyring import Key, Keyring

MAC_SIZE: Final = 16
"""Bytes kept of the HMAC-SHA256; RFC 2104 section 5 allows half of it."""


class Cursors:
    """Seals a page's last position, so that a client can bring it back but not make one up.

    Args:
        keyring: The keys that seal and open.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def seal(self, listing: str, position: list[Any]) -> str:
        """Return the cursor that continues after ``position``.

        Args:
            listing: Names the listing with its owner, order and filters.
            position: The sort values of the last row of the page, each a JSON scalar.
        """
        payload = orjson.dumps(position)
        mac = _mac(self._keyring.signing, listing, payload)
        return urlsafe_b64encode(mac + payload).rstrip(b"=").decode()

    def open(self, listing: str, cursor: str) -> list[Any]:
        """Return the position that ``cursor`` holds.

        Raises:
            ValidationFailed: It was not made here, or not for this listing.
        """
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            sealed = b""
        mac, payload = sealed[:MAC_SIZE], sealed[MAC_SIZE:]
        if any(hmac.compare_digest(mac, _mac(key, listing, payload)) for key in self._keyring):
            position: list[Any] = orjson.loads(payload)
            return position
        raise ValidationFailed.of(
            "/cursor", "Not a cursor of this listing; use next_cursor with the same parameters."
        )


def _mac(key: Key, listing: str, payload: bytes) -> bytes:
    message = b"contactsvc cursor\0" + listing.encode() + b"\0" + payload
    return hmac.digest(key.secret, message, "sha256")[:MAC_SIZE]
