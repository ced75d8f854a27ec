"""Refuses bodies that announce too large a size, before anything is read or looked up."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.web.keys import SERVICES
from contactsvc.web.operation import OPERATION


@web.middleware
async def limits(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Check Content-Length; a body without one is counted while it is read."""
    if length := request.content_length:
        operation = request[OPERATION]
        own = operation.body_limit if operation is not None else None
        limit = own or request.app[SERVICES].settings.max_body_size
        if length > limit:
            raise web.HTTPRequestEntityTooLarge(limit, length)
    return await handler(request)
