"""Bearer tokens (RFC 6750)."""

from aiohttp import hdrs, web

from contactsvc.platform.errors import Unauthenticated


def bearer_of(request: web.Request) -> str:
    """Return the bearer token (RFC 6750, section 2.1).

    Raises:
        Unauthenticated: The Authorization header is missing or has no bearer token.
    """
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated
    return token.strip()
