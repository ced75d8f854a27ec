"""Who is behind an access token."""

from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.errors import Unauthenticated
from contactsvc.models import CurrentUser
from contactsvc.repositories.users import UserRepository
from contactsvc.security.tokens import AccessClaims


async def get_current_user(
    claims: AccessClaims, cache: CurrentUserCache, users: UserRepository, *, fresh: bool = False
) -> CurrentUser:
    """Return the user whom an access token speaks of.

    Redis answers alone where it can. Otherwise one statement reads user and session from
    PostgreSQL, and the answer is kept for the next request.

    Args:
        claims: What the token says; signature and expiry have been checked.
        cache: Where the answer may lie ready.
        users: Where the truth is.
        fresh: Ask PostgreSQL in any case, for decisions that may not be seconds old.

    Raises:
        Unauthenticated: The session has ended, the account is gone or disabled, or the token is
            older than the last change of password, role or the like.
    """
    user = None if fresh else await cache.get(claims.user_id, claims.session_id)
    # A token newer than the copy proves the copy old.
    if user is None or user.auth_version < claims.auth_version:
        user = await users.current(claims.user_id, claims.session_id)
        if user is None:
            raise Unauthenticated
        await cache.fill(user, claims.session_id)
    if not user.is_active or claims.auth_version != user.auth_version:
        raise Unauthenticated
    return user
