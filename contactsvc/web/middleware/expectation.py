"""Sends ``100 Continue`` (RFC 9110, 10.1.1), after authentication has let the request in.

aiohttp would send it as soon as it has the headers, and so invite uploads that are then refused.
"""

from typing import Final

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.typedefs import Handler

_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


@web.middleware
async def expectation(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Send ``100 Continue`` to a client that waits for it."""
    expects = request.headers.get(hdrs.EXPECT, "").lower() == "100-continue"
    if expects and request.version >= HttpVersion11:
        await request.writer.write(_CONTINUE)
        request.writer.output_size = 0  # the answer itself has not begun
    return await handler(request)


async def defer_continue(_: web.Request) -> None:
    """Do nothing where aiohttp would send ``100 Continue``: each route's ``expect_handler``."""
