"""Limits how long one request waits for connections to PostgreSQL, over all its statements."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.platform.database.pool import share_wait


@web.middleware
async def database_wait(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the request wait for ``DATABASE_TIMEOUT`` in all.

    Without this, a request that can do without its first statement, such as the look-up of the
    current user, would wait again for its next one.
    """
    share_wait()
    return await handler(request)
