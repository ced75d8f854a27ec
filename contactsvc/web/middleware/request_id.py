"""Gives every request an id, which is in its log lines and its answer."""

import re
import secrets
import time
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.platform import logs
from contactsvc.web.keys import REQUEST_ID, STARTED

HEADER: Final = "X-Request-ID"
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep the id that the client sent, if it is well formed, or make one."""
    given = request.headers.get(HEADER, "")
    request[STARTED] = time.perf_counter()
    request[REQUEST_ID] = given if _ACCEPTABLE.fullmatch(given) else secrets.token_hex(8)
    logs.bind_request_id(request[REQUEST_ID])
    return await handler(request)
