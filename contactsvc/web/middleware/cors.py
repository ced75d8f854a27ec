"""Lets web pages of the configured origins call the service (CORS, in the Fetch standard).

The service uses no cookies, so credentials are not allowed.
"""

from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.web.keys import SERVICES

_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE"
_HEADERS: Final = (
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-ID"
)
_EXPOSED: Final = (
    "ETag, Idempotency-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After,"
    " X-Request-ID"
)
_MAX_AGE: Final = "600"


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights with 204; only those of configured origins get the headers that allow."""
    preflight = (
        request.method == hdrs.METH_OPTIONS
        and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
    )
    if not preflight or not request.app[SERVICES].settings.cors_origins:
        return await handler(request)
    if request.headers.get(hdrs.ORIGIN) not in request.app[SERVICES].settings.cors_origins:
        return web.Response(status=204)
    return web.Response(
        status=204,
        headers={
            hdrs.ACCESS_CONTROL_ALLOW_METHODS: _METHODS,
            hdrs.ACCESS_CONTROL_ALLOW_HEADERS: _HEADERS,
            hdrs.ACCESS_CONTROL_MAX_AGE: _MAX_AGE,
        },
    )


def allow_origin(
    request: web.Request, response: web.StreamResponse, allowed: tuple[str, ...]
) -> None:
    """Let pages of the allowed origins read any answer, errors included."""
    if not allowed:
        return
    response.headers.add(hdrs.VARY, hdrs.ORIGIN)
    origin = request.headers.get(hdrs.ORIGIN)
    if origin in allowed:
        response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
        response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _EXPOSED
