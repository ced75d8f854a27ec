"""Counts requests, and measures how long they take, by method, route and status."""

from asyncio import CancelledError
from time import perf_counter
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import Histogram

from contactsvc.platform.metrics import HTTP_ACTIVE, HTTP_DURATION
from contactsvc.web.methods import DAV_METHODS

LABELS: Final = DAV_METHODS | {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
OTHER: Final = "other"
"""The label of any other method: clients may send any, and labels must be few."""

NO_ROUTE: Final = "(no route)"
"""The label of requests whose path has no route."""

CLIENT_GONE: Final = 499
"""The status of a request whose client has closed the connection, as in nginx."""

_timers: Final[dict[tuple[str, str, int], Histogram]] = {}
"""Histograms by method, route and status: looking one up by its labels is slow."""


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
        # A client that is gone gets no answer; but an error of the service still counts as one.
        gone = request.transport is None and response.status < 500
        status = CLIENT_GONE if gone else response.status
        return response
    finally:
        _timer(request, status).observe(perf_counter() - began)
        HTTP_ACTIVE.dec()


def _timer(request: web.Request, status: int) -> Histogram:
    """Return the histogram of requests with this method, route and status."""
    method = request.method if request.method in LABELS else OTHER
    resource = request.match_info.route.resource
    route = resource.canonical if resource else NO_ROUTE
    key = (method, route, status)
    timer = _timers.get(key)
    if timer is None:
        # Every path is there twice, with its slash and without.
        template = route.rstrip("/")
        timer = _timers[key] = HTTP_DURATION.labels(method, template, status)
    return timer
