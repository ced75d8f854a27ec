"""Signed cursors of keyset pages: opaque to clients, valid only for the list they were made for."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, Final

import orjson

from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.keyring import Key, Keyring

MAC_SIZE: Final = 16
"""Bytes of the HMAC-SHA256 in a cursor; RFC 2104, section 5, allows to cut it to half, 16."""


class Cursors:
    """Signs the position where the next page begins, so that clients cannot forge one.

    Args:
        keyring: The keys of the signatures: one makes new ones, all of them verify.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._signing = _started(keyring.signing)
        self._verifying = [_started(key) for key in keyring]

    def seal(self, listing: str, position: list[Any]) -> str:
        """Return the cursor that continues after ``position``.

        Args:
            listing: The name of the query: its list, user, order and filters.
            position: The sort values of the last row of the page, each a JSON scalar.
        """
        payload = orjson.dumps(position)
        mac = _mac(self._signing, listing, payload)
        return urlsafe_b64encode(mac + payload).rstrip(b"=").decode()

    def open(self, listing: str, cursor: str) -> list[Any]:
        """Return the position in a cursor.

        Args:
            listing: The name of the query, as it was given to :meth:`seal`.
            cursor: What the client sent.

        Raises:
            ValidationFailed: The cursor was not made by this service, or for another query.
        """
        try:
            sealed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            sealed = b""
        mac, payload = sealed[:MAC_SIZE], sealed[MAC_SIZE:]
        if any(hmac.compare_digest(mac, _mac(each, listing, payload)) for each in self._verifying):
            position: list[Any] = orjson.loads(payload)
            return position
        raise ValidationFailed.of(
            "/cursor", "Not a cursor of this listing; use next_cursor with the same parameters."
        )


def _started(key: Key) -> hmac.HMAC:
    """Return the signature's beginning, which is computed once for each key."""
    return hmac.new(key.secret, b"contactsvc cursor\0", "sha256")


def _mac(started: hmac.HMAC, listing: str, payload: bytes) -> bytes:
    mac = started.copy()
    mac.update(listing.encode() + b"\0" + payload)
    return mac.digest()[:MAC_SIZE]
