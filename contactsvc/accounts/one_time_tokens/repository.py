"""One-time tokens: issued, redeemed and revoked. Only their SHA-256 is stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactsvc.accounts.one_time_tokens.model import OneTimeToken, Purpose
from contactsvc.accounts.users.model import User
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import delete_some
from contactsvc.platform.errors import InvalidToken

TOKEN_BYTES = 32
"""Random bytes in a token."""


@dataclass(frozen=True)
class FoundToken:
    """A token that has not expired; it may be used already.

    Args:
        user_id: The account that it was issued for.
        email: The address that it was mailed to.
        expires_at: Time at which it expires.
        used: Whether it has been redeemed already.
    """

    user_id: int
    email: str
    expires_at: datetime
    used: bool


async def issue(
    user_id: int, purpose: Purpose, email: str, ttl: int, auth_version: int | None = None
) -> str | None:
    """Issue a token, and revoke the user's earlier ones of that purpose.

    Args:
        user_id: The account that it is for.
        purpose: The only operation that accepts it.
        email: The address that it is mailed to.
        ttl: Seconds until it expires.
        auth_version: The ``auth_version`` that the user must still have; None is any.

    Returns:
        The token; None where the user is gone or has another ``auth_version``.
    """
    user = await _lock(user_id)
    if user is None or auth_version not in (None, user.auth_version):
        return None
    await revoke(user_id, purpose)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    moment = now()
    await OneTimeToken.create(
        user_id=user_id,
        purpose=purpose,
        digest=digest_of(token),
        email=email,
        created_at=moment,
        expires_at=moment + timedelta(seconds=ttl),
    )
    return token


async def find(token: str, purpose: Purpose) -> FoundToken:
    """Return a token that has not expired, whether or not it has been used.

    Raises:
        InvalidToken: It is unknown, revoked, expired or for something else.
    """
    row = await OneTimeToken.get_or_none(
        digest=digest_of(token), purpose=purpose, expires_at__gt=now()
    )
    if row is None:
        raise InvalidToken
    return FoundToken(row.user_id, row.email, row.expires_at, row.used_at is not None)


async def redeem(user_id: int, token: str, purpose: Purpose) -> bool:
    """Mark a token as used and return True; of several calls at once only one gets True.

    Call it first in the transaction of what the token allows.
    """
    await _lock(user_id)
    moment = now()
    used = await OneTimeToken.filter(
        digest=digest_of(token), purpose=purpose, used_at=None, expires_at__gt=moment
    ).update(used_at=moment)
    return used == 1


async def add_used(user_id: int, digest: str, email: str, expires_at: datetime) -> None:
    """Store the link that confirmed a registration as used, so that it is recognised later."""
    moment = now()
    await OneTimeToken.create(
        user_id=user_id,
        purpose=Purpose.CONFIRM_EMAIL,
        digest=digest,
        email=email,
        created_at=moment,
        expires_at=expires_at,
        used_at=moment,
    )


async def revoke(user_id: int, *purposes: Purpose) -> None:
    """Delete the user's unused tokens of these purposes."""
    await OneTimeToken.filter(user_id=user_id, purpose__in=purposes, used_at=None).delete()


async def purge(before: datetime) -> int:
    """Remove up to BATCH tokens that expired before a time, and return their number."""
    return await delete_some(OneTimeToken.filter(expires_at__lt=before))


async def _lock(user_id: int) -> User | None:
    """Lock and return the user's row, before any of their tokens.

    Every change of a user locks that row before the tokens. In another order two transactions
    could wait for each other.
    """
    return await User.filter(id=user_id).select_for_update().get_or_none()


def digest_of(token: str) -> str:
    """Return the SHA-256 of a token in hex, which is what the database stores."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
