"""Tokens that the service never made, and its own bent a little."""

import warnings
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from jwt.warnings import InsecureKeyLengthWarning


def forge(
    token: str,
    secret: str,
    *,
    headers: dict[str, Any] | None = None,
    algorithm: str = "HS256",
    without: str = "",
    **claims: Any,
) -> str:
    """Return a copy of ``token`` with other claims or headers, signed with ``secret``."""
    payload = jwt.decode(token, options={"verify_signature": False}) | claims
    payload.pop(without, None)
    kept = jwt.get_unverified_header(token)
    kept.pop("alg")
    with warnings.catch_warnings():
        # The service's key is long enough for its own algorithm, not for every other.
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)
        return jwt.encode(payload, secret, algorithm, kept | (headers or {}))


def long_ago() -> datetime:
    """Return a time by which every token has expired."""
    return datetime.now(UTC) - timedelta(days=1)
