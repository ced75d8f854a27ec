"""Bounds what a request waits for connections to PostgreSQL, however many statements it needs."""

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.platform.database.pool import one_wait


@web.middleware
async def database_wait(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let it wait for ``DATABASE_TIMEOUT`` in all.

    Some do without PostgreSQL where they can, as who looks up the user, and go on to what cannot.
    """
    with one_wait():
        return await handler(request)
