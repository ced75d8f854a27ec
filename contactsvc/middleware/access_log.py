"""One log line a request: the route's template, never the path or query, which name people."""

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from contactsvc.keys import REQUEST_ID
from contactsvc.middleware.request_id import HEADER


class AccessLog(AbstractAccessLogger):
    """Logs method, route, status, milliseconds and request id."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line for one request."""
        # What is no request of HTTP has been turned away before it was given a route.
        resource = None
        if isinstance(request, web.Request) and REQUEST_ID in request:
            resource = request.match_info.route.resource
        self.logger.info(
            "%s %s %d %.1f ms %s",
            request.method if resource else "-",
            resource.canonical if resource else "(no route)",
            response.status,
            time * 1000,
            response.headers.get(HEADER, "-"),
        )

    @property
    def enabled(self) -> bool:
        """Whether anybody reads the lines."""
        return self.logger.isEnabledFor(20)
