"""One log line a request: the route's template, never the path or query, which name people."""

import logging
from time import perf_counter

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from contactsvc.web.keys import REQUEST_ID, STARTED, USER_ID
from contactsvc.web.middleware.request_id import HEADER


class AccessLog(AbstractAccessLogger):
    """Logs method, route, status and milliseconds; the request and its user as fields."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line for one request, which took so many seconds."""
        method, route, user_id = "-", "(no route)", None
        # What is no request of HTTP has been turned away before it was given a route.
        if isinstance(request, web.Request) and REQUEST_ID in request:
            user_id = request.get(USER_ID)
            time = perf_counter() - request[STARTED]  # the loop's clock knows milliseconds only
            if resource := request.match_info.route.resource:
                method, route = request.method, resource.canonical
        milliseconds = round(time * 1000, 1)
        fields = {
            "method": method,
            "route": route,
            "status": response.status,
            "duration_ms": milliseconds,
            "request_id": response.headers.get(HEADER, "-"),
        }
        if user_id is not None:
            fields["user_id"] = user_id
        words = (method, route, response.status, milliseconds)
        self.logger.info("%s %s %d %.1f ms", *words, extra=fields)

    @property
    def enabled(self) -> bool:
        """Whether anybody reads the lines."""
        return self.logger.isEnabledFor(logging.INFO)
