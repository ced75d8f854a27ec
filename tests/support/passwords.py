"""Tokens of both purposes, and what it takes to make one by hand."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from contactsvc.accounts.security.tokens import AccessClaims, RefreshClaims, Tokens
from contactsvc.platform.clock import now
from contactsvc.platform.errors import Unauthenticated
from contactsvc.platform.keyring import Keyring

SECRET, OLD_SECRET = "the-new-key-0123456789-abcdefghij", "the-old-key-0123456789-abcdefghij"
ISSUER = "https://contacts.example.com"
ACCESS, REFRESH = AccessClaims(7, 70, 3), RefreshClaims(7, 70, 3)

KEYRING = Keyring(SECRET)
TOKENS = Tokens(KEYRING, ISSUER, access_ttl=900)
BEGIN = now().replace(microsecond=0)
END = BEGIN + timedelta(hours=1)

ISSUE: dict[str, Callable[[Tokens], str]] = {
    "access": lambda tokens: tokens.issue_access(ACCESS),
    "refresh": lambda tokens: tokens.issue_refresh(REFRESH, BEGIN, END),
}
READ: dict[str, Callable[[Tokens, str], object]] = {
    "access": lambda tokens, token: tokens.read_access(token),
    "refresh": lambda tokens, token: tokens.read_refresh(token),
}
CLAIMS = {"access": ACCESS, "refresh": REFRESH}
OWN_CLAIM = {"access": "ver", "refresh": "ctr"}
PURPOSES = list(ISSUE)
each_purpose = pytest.mark.parametrize("purpose", PURPOSES)


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(part: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=="))
    return value


def sign(header: Any, payload: Any, secret: str = SECRET, digest: str = "sha256") -> str:
    """Make a token by hand, whatever it says."""
    message = f"{b64(json.dumps(header).encode())}.{b64(json.dumps(payload).encode())}"
    return f"{message}.{b64(hmac.digest(secret.encode(), message.encode(), digest))}"


def parts(purpose: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and payload of a good token."""
    header, payload, _ = ISSUE[purpose](TOKENS).split(".")
    return decoded(header), decoded(payload)


def refused(purpose: str, token: str, tokens: Tokens = TOKENS) -> bool:
    """Return whether a token is refused, in the one way that tokens are."""
    try:
        READ[purpose](tokens, token)
    except Unauthenticated:
        return True
    return False
