"""One log line for each request: with the route's template, never the path or query."""

import logging
from time import perf_counter

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger

from contactsvc.web.keys import REQUEST_ID, STARTED, USER_ID
from contactsvc.web.middleware.request_id import HEADER


class AccessLog(AbstractAccessLogger):
    """Logs method, route, status and milliseconds, with request id and user id as fields.

    Paths and queries are left out, because they may hold names, addresses and tokens.
    """

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line of one request.

        Args:
            request: A request, or aiohttp's stand-in for what could not be parsed.
            response: Its status is logged, and its X-Request-ID.
            time: Seconds that it took, by the loop's clock.
        """
        method, route, user_id = "-", "(no route)", None
        # What could not be parsed has no route and no request id.
        if isinstance(request, web.Request) and REQUEST_ID in request:
            user_id = request.get(USER_ID)
            time = perf_counter() - request[STARTED]  # more precise than the loop's clock
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
        if self.enabled:
            # Logger.info would walk the stack for the line that calls it, which no format shows.
            record = logging.LogRecord(
                self.logger.name, logging.INFO, __file__, 0, "%s %s %d %.1f ms", words, None
            )
            vars(record).update(fields)
            self.logger.handle(record)

    @property
    def enabled(self) -> bool:
        """Whether the lines are logged at all."""
        return self.logger.isEnabledFor(logging.INFO)
