"""Lets the web pages of configured origins call the service (the Fetch standard's CORS).

No cookie is ever used, so credentials are not allowed and a foreign page gains nothing.
"""

from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.keys import SETTINGS

_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE"
_HEADERS: Final = "Accept, Authorization, Content-Type, If-Match, If-None-Match, X-Request-ID"
_EXPOSED: Final = "ETag, Link, Location, Retry-After, X-Request-ID"
_MAX_AGE: Final = "600"


@web.middleware
async def cors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer preflights, and tell browsers which pages may read an answer."""
    allowed = request.app[SETTINGS].cors_origins
    if not allowed:
        return await handler(request)
    origin = request.headers.get(hdrs.ORIGIN)
    preflight = (
        request.method == hdrs.METH_OPTIONS
        and hdrs.ACCESS_CONTROL_REQUEST_METHOD in request.headers
    )
    response = web.Response(status=204) if preflight else await handler(request)
    if not response.prepared:
        response.headers.add(hdrs.VARY, hdrs.ORIGIN)
        if origin in allowed:
            response.headers[hdrs.ACCESS_CONTROL_ALLOW_ORIGIN] = origin
            response.headers[hdrs.ACCESS_CONTROL_EXPOSE_HEADERS] = _EXPOSED
            if preflight:
                response.headers[hdrs.ACCESS_CONTROL_ALLOW_METHODS] = _METHODS
                response.headers[hdrs.ACCESS_CONTROL_ALLOW_HEADERS] = _HEADERS
                response.headers[hdrs.ACCESS_CONTROL_MAX_AGE] = _MAX_AGE
    return response
