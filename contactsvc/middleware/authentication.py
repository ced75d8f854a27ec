"""Finds out who is calling, and whether they may."""

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.access import access_of, handler_of
from contactsvc.cache.throttle import Policy
from contactsvc.errors import EmailNotConfirmed, Forbidden, Unauthenticated
from contactsvc.keys import CACHE, CLAIMS, CURRENT_USER, SETTINGS, THROTTLE, TOKENS, USERS
from contactsvc.services.current_user import get_current_user


@web.middleware
async def authentication(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the current user on the request, unless the handler is public."""
    target = handler_of(request)
    access = access_of(target)
    if target is None or access.public:
        return await handler(request)
    app = request.app
    claims = app[TOKENS].read_access(_bearer(request))
    # A role that was just taken away must not work a second longer: ask PostgreSQL.
    fresh = bool(access.roles)
    user = await get_current_user(claims, app[CACHE], app[USERS], fresh=fresh)
    await app[THROTTLE].hit(Policy.USER, str(user.id))
    if app[SETTINGS].require_confirmed_email and not user.confirmed:
        raise EmailNotConfirmed
    if access.roles and user.role not in access.roles:
        raise Forbidden
    request[CLAIMS] = claims
    request[CURRENT_USER] = user
    return await handler(request)


def _bearer(request: web.Request) -> str:
    """Return the bearer token (RFC 6750, section 2.1).

    Raises:
        Unauthenticated: There is none.
    """
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()
