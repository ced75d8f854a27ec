"""Asks for a body that waits for being asked (RFC 9110, 10.1.1), once its sender may send it.

aiohttp would ask as soon as it has the headers, and so for uploads that are then refused.
"""

from typing import Final

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.typedefs import Handler

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


@web.middleware
async def expectation(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send ``100 Continue`` to a client that is allowed in."""
    expects = request.headers.get(hdrs.EXPECT, "").lower() == "100-continue"
    if expects and request.version >= HttpVersion11:
        await request.writer.write(_CONTINUE)
        request.writer.output_size = 0  # the answer itself has not begun
    return await handler(request)


async def defer_continue(_: web.Request) -> None:
    """Do nothing, where aiohttp would ask for the body; set for every route."""
