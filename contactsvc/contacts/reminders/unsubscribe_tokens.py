"""The token of the link by which the reader of a reminder wants no more of them (RFC 8058).

It is signed and kept nowhere: the same link stands in every mail, and mail is kept for years. All
that it can do is to end reminders, again and again, so it may live as long as its key.
"""

import hmac
from base64 import b64decode, urlsafe_b64encode
from typing import Final

from contactsvc.platform.errors import InvalidToken
from contactsvc.platform.keyring import Keyring

MAC_SIZE: Final = 16
"""Bytes of the HMAC-SHA256 in a token; RFC 2104, section 5, allows to cut it to half, 16."""

LENGTH: Final = 32
"""Characters of a token."""

_ID_SIZE: Final = 8
_PURPOSE: Final = b"contactsvc unsubscribe birthday_reminder\0"


class UnsubscribeTokens:
    """Makes and reads the tokens.

    Args:
        keyring: The keys of the signatures: one makes new ones, all of them verify.
    """

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def issue(self, user_id: int) -> str:
        """Return the token of a user, the same as long as the key is."""
        payload = user_id.to_bytes(_ID_SIZE)
        return urlsafe_b64encode(_mac(self._keyring.signing.secret, payload) + payload).decode()

    def read(self, token: str) -> int:
        """Return the id of the user whose token it is.

        Raises:
            InvalidToken: It was not made by this service, or for another purpose.
        """
        try:
            sealed = b64decode(token if len(token) == LENGTH else "", altchars=b"-_", validate=True)
        except ValueError:
            sealed = b""
        mac, payload = sealed[:MAC_SIZE], sealed[MAC_SIZE:]
        if any(hmac.compare_digest(mac, _mac(key.secret, payload)) for key in self._keyring):
            return int.from_bytes(payload)
        raise InvalidToken


def _mac(secret: bytes, payload: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + payload, "sha256")[:MAC_SIZE]
