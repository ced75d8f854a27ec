"""Links that work once: issued, redeemed and revoked. Only their SHA-256 is ever stored."""

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


@dataclass(frozen=True)
class Redeemable:
    """A token that was found.

    Args:
        user_id: Whose it is.
        email: Where it was sent.
        expires_at: Until when it works.
        used: Whether it has been redeemed already.
    """

    user_id: int
    email: str
    expires_at: datetime
    used: bool


async def issue(
    user_id: int, purpose: Purpose, email: str, ttl: int, auth_version: int | None = None
) -> str | None:
    """Return a new token; the user's earlier ones of that purpose work no more.

    Args:
        user_id: Whose.
        purpose: What for.
        email: Where it is sent.
        ttl: Seconds that it works.
        auth_version: Issue none if the user's access has changed since.
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


async def find(token: str, purpose: Purpose) -> Redeemable:
    """Return what is known of a token, which may have been used but has not expired.

    Raises:
        InvalidToken: It is unknown, revoked, expired or for something else.
    """
    row = await OneTimeToken.get_or_none(
        digest=digest_of(token), purpose=purpose, expires_at__gt=now()
    )
    if row is None:
        raise InvalidToken
    return Redeemable(row.user_id, row.email, row.expires_at, row.used_at is not None)


async def redeem(user_id: int, token: str, purpose: Purpose) -> bool:
    """Use a user's token up; of many at once only one succeeds.

    Call it first in the transaction of what the token allows.
    """
    await _lock(user_id)
    moment = now()
    used = await OneTimeToken.filter(
        digest=digest_of(token), purpose=purpose, used_at=None, expires_at__gt=moment
    ).update(used_at=moment)
    return used == 1


async def note_used(user_id: int, digest: str, email: str, expires_at: datetime) -> None:
    """Keep the link that made an account, so that following it again is answered kindly."""
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
    """Let the user's unused tokens of these purposes work no more."""
    await OneTimeToken.filter(user_id=user_id, purpose__in=purposes, used_at=None).delete()


async def purge(before: datetime) -> int:
    """Remove up to BATCH tokens that expired before that, and return how many there were."""
    return await delete_some(OneTimeToken.filter(expires_at__lt=before))


async def _lock(user_id: int) -> User | None:
    """Lock and return the user's row, before any of their tokens.

    Whoever changes a user locks that row and then the tokens; the other way round, two of them
    would wait for each other.
    """
    return await User.filter(id=user_id).select_for_update().get_or_none()


def digest_of(token: str) -> str:
    """Return the SHA-256 of a token in hex, by which alone it is known to the database."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
