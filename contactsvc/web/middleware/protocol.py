"""Answers with problem details what aiohttp refuses before it is a request.

A header line that is too long, two lengths, an invalid method: such input never reaches the
middleware, and aiohttp has no setting for the answer.
"""

import logging
import secrets
from http import HTTPStatus

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from contactsvc.web.keys import REQUEST_ID, SERVICES
from contactsvc.web.middleware.errors import envelope
from contactsvc.web.middleware.headers import default_headers
from contactsvc.web.problems import MEDIA_TYPE

logger = logging.getLogger(__name__)


def application_of(manager: web.Server | None) -> web.Application | None:
    """Return the application behind aiohttp's server; a stand-in for a request has none."""
    app = getattr(getattr(manager, "request_handler", None), "__self__", None)
    return app if isinstance(app, web.Application) else None


def answer_error(
    manager: web.Server | None,
    request: web.BaseRequest,
    status: int,
    exc: BaseException | None,
) -> web.StreamResponse:
    """Return the answer to what the application's middleware has not answered.

    Args:
        manager: aiohttp's server, which leads to the application; None once the connection is lost.
        request: aiohttp's stand-in for a request, or a request whose outermost middleware failed.
        status: The status that aiohttp would answer with.
        exc: The error, if there was one.

    Raises:
        ConnectionError: Part of an answer has been sent already.
    """
    request_id = request.get(REQUEST_ID) or secrets.token_hex(8)
    code, detail = _explained(request, request_id, status, exc)
    if request.writer.output_size > 0:
        raise ConnectionError("an answer is under way already")
    app = application_of(manager)
    public_url = app[SERVICES].settings.public_url if app is not None else ""
    body = envelope(code, detail, request_id)
    response = web.Response(
        status=body["status"],
        body=orjson.dumps(body),
        content_type=MEDIA_TYPE,
        headers=default_headers(public_url, request_id),
    )
    response.force_close()
    return response


def _explained(
    request: web.BaseRequest, request_id: str, status: int, exc: BaseException | None
) -> tuple[str, str]:
    """Return the code and detail of a problem, and log what an operator should know of it."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and REQUEST_ID in request:
        logger.error("Unexpected error in request %s", request_id, exc_info=exc)
        return "internal_error", "Something went wrong; it has been noted."
    if status == HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE:
        return "headers_too_large", "The request line and headers are too large together."
    if not isinstance(exc, HttpProcessingError):
        # aiohttp has failed over something in the request: log the error's type, not its text.
        logger.warning("Request %s was turned away: %s in aiohttp", request_id, type(exc).__name__)
        return "malformed_body", "The request cannot be read."
    # Not HTTP, so not worth a warning. The error's text is not logged: it repeats the line that
    # could not be read, with path, query and token.
    logger.debug("Turned away as no HTTP: %s", type(exc).__name__)
    return "malformed_body", "This is not a request of HTTP/1.1, or a line is too long."
