"""The user whom an access token belongs to."""

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.security.tokens import AccessClaims
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.platform.errors import Unauthenticated, Unavailable


async def get_current_user(
    claims: AccessClaims, cache: CurrentUserCache, users: UserRepository, *, fresh: bool = False
) -> CurrentUser:
    """Return the user whom an access token belongs to.

    A valid copy in Redis is enough. Otherwise one statement reads user and session from
    PostgreSQL, and the copy is stored for the next request. If PostgreSQL does not answer, a copy
    may be used that was valid when it last did.

    Args:
        claims: Claims of the token, whose signature and expiry have been checked.
        cache: The cache in Redis.
        users: The accounts in PostgreSQL.
        fresh: Read PostgreSQL in any case, for decisions that must not be seconds old.

    Raises:
        Unauthenticated: The session has ended, the account is gone or disabled, or the token is
            older than the last change of password, role or the like.
        Unavailable: PostgreSQL is needed and cannot be reached.
    """
    user = None if fresh else await cache.get(claims.user_id, claims.session_id)
    # A token that is newer than the copy shows that the copy is outdated.
    if user is None or user.auth_version < claims.auth_version:
        user = await _read(claims, cache, users, fresh=fresh)
    if not user.is_active or claims.auth_version != user.auth_version:
        raise Unauthenticated
    return user


async def _read(
    claims: AccessClaims, cache: CurrentUserCache, users: UserRepository, *, fresh: bool
) -> CurrentUser:
    run_id = cache.run_id(claims.user_id)
    try:
        user = await users.current(claims.user_id, claims.session_id)
    except Unavailable:
        user = await cache.get_without_postgresql(claims.user_id, claims.session_id)
        if fresh or user is None or user.auth_version < claims.auth_version:
            raise
        return user
    if user is None:
        raise Unauthenticated
    await cache.fill(user, claims.session_id, run_id)
    return user
