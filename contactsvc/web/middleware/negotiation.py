"""Checks Accept against the media types of the operation (RFC 9110, 12.5.1)."""

from functools import lru_cache
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.web.operation import OPERATION

KEPT_HEADERS: Final = 128
"""How many headers, of up to 8 KiB each, are kept with what they admit: clients send few."""


@web.middleware
async def negotiation(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 406 if Accept admits none of the operation's media types."""
    operation = request[OPERATION]
    # Without an operation the answer is 404 or 405, whatever Accept says.
    if operation is None or operation.any_accept:
        return await handler(request)
    accept = ",".join(request.headers.getall(hdrs.ACCEPT, ()))
    if accept and not accepts(accept, tuple(operation.media_types)):
        raise web.HTTPNotAcceptable
    return await handler(request)


@lru_cache(KEPT_HEADERS)
def accepts(accept: str, offered: tuple[str, ...]) -> bool:
    """Return whether an Accept header admits one of the offered media types."""
    quality: dict[str, float] = {}
    for part in accept.split(","):
        media_range, *parameters = part.lower().split(";")
        quality[media_range.strip()] = next(
            (_quality(p) for p in parameters if p.strip().startswith("q=")), 1.0
        )
    return any(_admits(quality, media_type) for media_type in offered)


def _admits(quality: dict[str, float], media_type: str) -> bool:
    for media_range in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if media_range in quality:  # the most specific range decides
            return quality[media_range] > 0
    return False


def _quality(parameter: str) -> float:
    try:
        return float(parameter.partition("=")[2])
    except ValueError:
        return 1.0
