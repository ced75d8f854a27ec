"""Answers a change when it counts in every process."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.accounts.current_user.invalidation import unsettled


@web.middleware
async def settling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Hold the answer back until no process uses what was there before."""
    work = unsettled()
    try:
        response = await handler(request)
    except Exception:
        await work.settle()  # a stolen refresh token, say, ends its session and is refused
        raise
    await work.settle()
    return response
