"""Measures every request: how many there are, how they end and how long they take."""

from asyncio import CancelledError
from time import perf_counter
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Histogram

from contactsvc.platform.metrics import HTTP_ACTIVE, HTTP_DURATION

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
"""Any other method, as a caller may make one up."""

NO_ROUTE: Final = "(no route)"
"""The route of a path that leads nowhere."""

CLIENT_GONE: Final = 499
"""The status of a request that nobody waits for any more; nginx has made it known."""

_timers: Final[dict[tuple[str, str, int], Histogram]] = {}
"""Looking up a metric by its labels takes as long as all the rest."""


@web.middleware
async def metrics(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count the request while it is under way, and measure it when it has an answer."""
    HTTP_ACTIVE.inc()
    status = 500
    began = perf_counter()
    try:
        response = await handler(request)
    except CancelledError:
        status = CLIENT_GONE
        raise
    except web.HTTPException as error:
        status = error.status
        raise
    else:
        # Whoever has gone hears of no answer; but what went wrong here stays wrong.
        gone = request.transport is None and response.status < 500
        status = CLIENT_GONE if gone else response.status
        return response
    finally:
        _timer(request, status).observe(perf_counter() - began)
        HTTP_ACTIVE.dec()


def _timer(request: web.Request, status: int) -> Histogram:
    """Return what measures requests with this method, route and status."""
    method = request.method if request.method in METHODS else OTHER
    resource = request.match_info.route.resource
    route = resource.canonical if resource else NO_ROUTE
    key = (method, route, status)
    timer = _timers.get(key)
    if timer is None:
        # Every path is there twice, with its slash and without.
        template = route.rstrip("/")
        timer = _timers[key] = HTTP_DURATION.labels(method, template, status)
    return timer
