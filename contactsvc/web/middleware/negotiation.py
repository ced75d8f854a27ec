"""Refuses to answer in a form that the caller has said it does not want (RFC 9110, 12.5.1)."""

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.web.access import handler_of, takes_any_accept


@web.middleware
async def negotiation(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 406 where Accept admits none of the media types of a handler that minds it."""
    accept = ",".join(request.headers.getall(hdrs.ACCEPT, ()))
    target = handler_of(request)
    # Where nothing is documented nothing is there, and that is what must be said.
    offered = getattr(target, "__apispec__", {}).get("produces")
    if accept and offered and not takes_any_accept(target) and not accepts(accept, offered):
        raise web.HTTPNotAcceptable
    return await handler(request)


def accepts(accept: str, offered: list[str]) -> bool:
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
