"""Gives every request a name, and every answer the headers that all answers carry."""

import re
import secrets
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.keys import REQUEST_ID, SETTINGS

HEADER: Final = "X-Request-ID"
_ACCEPTABLE: Final = re.compile(r"[A-Za-z0-9._-]{1,128}", re.ASCII)


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep the name that the caller gave, if it is harmless, or make one."""
    given = request.headers.get(HEADER, "")
    request[REQUEST_ID] = given if _ACCEPTABLE.fullmatch(given) else secrets.token_hex(8)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add what every answer carries; connected to the application's on_response_prepare."""
    headers = response.headers
    headers[HEADER] = request.get(REQUEST_ID, "")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Server"] = "contactsvc"  # aiohttp would tell its version and Python's
    if request.app[SETTINGS].public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"  # a year: ASVS 5.0, 3.4.1
    # Whoever forgets to say how an answer may be kept has said: not at all.
    headers.setdefault("Cache-Control", "no-store")
