"""Closes connections when this process is about to stop."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.web.keys import SERVICES


@web.middleware
async def draining(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Close the connection after the answer, so that the next request goes to another process."""
    response = await handler(request)
    if request.app[SERVICES].draining.is_on:
        response.force_close()
    return response
