"""Answers a change when no process uses the cached copy from before it any more."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.accounts.current_user.invalidation import track_invalidations


@web.middleware
async def invalidation_wait(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Delay an answer, of success or of failure, until what was changed counts in every process."""
    invalidations = track_invalidations()
    try:
        response = await handler(request)
    except Exception:
        # A refusal may have changed something: a stolen refresh token ends its session.
        await invalidations.wait_until_applied()
        raise
    await invalidations.wait_until_applied()
    return response
