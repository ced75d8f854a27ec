"""Signed tokens: the access token of RFC 9068 and the refresh token.

Every token has one purpose, which is both its ``typ`` and its audience, and is refused for any
other purpose (RFC 8725, section 3.11 and 3.12).
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

import jwt
import orjson
from jwt.algorithms import HMACAlgorithm
from jwt.utils import base64url_encode

from contactsvc.accounts.security.verified_tokens import VerifiedTokens
from contactsvc.platform.clock import now
from contactsvc.platform.errors import Unauthenticated
from contactsvc.platform.keyring import Keyring

ALGORITHM: Final = "HS256"

_BIGINT: Final = 2**63 - 1
_INTEGER: Final = 2**31 - 1
_DECIMAL: Final = re.compile(r"[1-9][0-9]*")


class Purpose(NamedTuple):
    """The purpose of a token, by which it is accepted: header ``typ`` and claim ``aud``."""

    typ: str
    audience: str


ACCESS: Final = Purpose("at+jwt", "contactsvc:access")
REFRESH: Final = Purpose("rt+jwt", "contactsvc:refresh")


_HS256: Final = HMACAlgorithm(HMACAlgorithm.SHA256)


@dataclass(frozen=True)
class AccessClaims:
    """The claims of an access token: user, session, and ``auth_version`` when it was issued."""

    user_id: int
    session_id: int
    auth_version: int


@dataclass(frozen=True)
class RefreshClaims:
    """The claims of a refresh token: user, session, and its number in the session, from 0."""

    user_id: int
    session_id: int
    counter: int


class Tokens:
    """Issues and reads signed tokens.

    Args:
        keyring: The keys that sign and verify.
        issuer: The ``iss`` of every token: the service's public URL.
        access_ttl: Seconds until an access token expires.
    """

    def __init__(self, keyring: Keyring, issuer: str, access_ttl: int) -> None:
        self._keyring = keyring
        self._issuer = issuer
        self.access_ttl = access_ttl
        self._verified: VerifiedTokens[AccessClaims] = VerifiedTokens()

    def issue_access(self, claims: AccessClaims) -> str:
        """Return a new access token."""
        issued_at = now()
        own = {
            "jti": secrets.token_urlsafe(12),
            "iat": _seconds(issued_at),
            "exp": _seconds(issued_at + timedelta(seconds=self.access_ttl)),
            "ver": claims.auth_version,
        }
        return self._issue(ACCESS, claims.user_id, claims.session_id, own)

    def issue_refresh(
        self, claims: RefreshClaims, issued_at: datetime, expires_at: datetime
    ) -> str:
        """Return a refresh token.

        It has no random part, so that the same token can be issued again to a client that lost it.

        Args:
            claims: The claims of the token.
            issued_at: Time at which it was first issued.
            expires_at: Time at which the session expires, and the token with it.
        """
        own = {
            "jti": f"{claims.session_id}.{claims.counter}",
            "iat": _seconds(issued_at),
            "exp": _seconds(expires_at),
            "ctr": claims.counter,
        }
        return self._issue(REFRESH, claims.user_id, claims.session_id, own)

    def read_access(self, token: str) -> AccessClaims:
        """Verify an access token and return its claims; one that was verified is looked up.

        Raises:
            Unauthenticated: It is invalid, expired, or a token of another purpose.
        """
        claims = self._verified.find(token)
        if claims is None:
            *numbers, expires_at = self._read(ACCESS, token, "ver")
            claims = AccessClaims(*numbers)
            self._verified.keep(token, claims, expires_at)
        return claims

    def read_refresh(self, token: str) -> RefreshClaims:
        """Verify a refresh token and return its claims.

        Raises:
            Unauthenticated: It is invalid, expired, or a token of another purpose.
        """
        *numbers, _ = self._read(REFRESH, token, "ctr")
        return RefreshClaims(*numbers)

    def _issue(self, purpose: Purpose, user_id: int, session_id: int, own: dict[str, Any]) -> str:
        payload = {
            "iss": self._issuer,
            "aud": purpose.audience,
            "sub": str(user_id),
            "sid": session_id,
            **own,
        }
        unsigned = b"%b.%b" % (self._headers[purpose], base64url_encode(orjson.dumps(payload)))
        signature = base64url_encode(_HS256.sign(unsigned, self._key))
        return (b"%b.%b" % (unsigned, signature)).decode()

    @cached_property
    def _key(self) -> bytes:
        """The key that signs, which PyJWT would examine for each token anew.

        Raises:
            InvalidKeyError: It looks like a key of an asymmetric algorithm.
        """
        return _HS256.prepare_key(self._keyring.signing.secret)

    @cached_property
    def _headers(self) -> dict[Purpose, bytes]:
        """The header of each purpose, as it stands in a token."""
        kid = self._keyring.signing.kid
        headers = {
            each: {"alg": ALGORITHM, "kid": kid, "typ": each.typ} for each in (ACCESS, REFRESH)
        }
        return {each: base64url_encode(orjson.dumps(header)) for each, header in headers.items()}

    def _read(self, purpose: Purpose, token: str, own: str) -> tuple[int, int, int, int]:
        """Return user, session, the purpose's own claim, and the time of expiry."""
        try:
            # The header alone names the key; the rest is parsed once, with the signature.
            header = jwt.get_unverified_header(f"{token.partition('.')[0]}..")
            key = self._keyring.find(header["kid"])
            if key is None or header.get("typ") != purpose.typ or "crit" in header:
                raise Unauthenticated
            payload: dict[str, Any] = jwt.decode(
                token,
                key.secret,
                [ALGORITHM],
                audience=purpose.audience,
                issuer=self._issuer,
                options={
                    "require": ["iss", "aud", "sub", "sid", "jti", "iat", "exp", own],
                    "strict_aud": True,
                },
            )
            if not _DECIMAL.fullmatch(payload["sub"]):
                raise Unauthenticated
            return (
                _in_range(int(payload["sub"]), _BIGINT),
                _in_range(payload["sid"], _BIGINT),
                _in_range(payload[own], _INTEGER),
                int(payload["exp"]),
            )
        except (jwt.PyJWTError, LookupError, TypeError, ValueError) as error:
            raise Unauthenticated from error


def _seconds(moment: datetime) -> int:
    """Return a NumericDate without a fraction (RFC 7519, section 2)."""
    return int(moment.timestamp())


def _in_range(number: object, largest: int) -> int:
    """Return a claim that fits into its column, as PostgreSQL fails with a larger number.

    Raises:
        Unauthenticated: It is negative, too large or no integer.
    """
    if type(number) is not int or not 0 <= number <= largest:
        raise Unauthenticated
    return number
