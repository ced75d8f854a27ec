"""Answers in the one envelope what aiohttp turns away before it is a request.

A header line that is too long, two lengths, a method that is none: such things never reach the
middleware, and aiohttp has no setting for their answer. So its method is replaced.
"""

import logging
import secrets
from http import HTTPStatus

import orjson
from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.web_protocol import RequestHandler

from contactsvc.keys import SETTINGS
from contactsvc.middleware.errors import envelope
from contactsvc.middleware.headers import headers_of_last_resort
from contactsvc.schemas.problems import MEDIA_TYPE

logger = logging.getLogger(__name__)


def install() -> None:
    """Let every aiohttp server of this process answer so; doing it again changes nothing."""
    RequestHandler.handle_error = _handle_error  # type: ignore[assignment,method-assign]


def _handle_error(
    server: RequestHandler,
    request: web.BaseRequest,
    status: int = 500,
    exc: BaseException | None = None,
    message: str | None = None,  # noqa: ARG001 - aiohttp gives it
) -> web.StreamResponse:
    name = secrets.token_hex(8)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("Unexpected error in request %s", name, exc_info=exc)
        code, detail = "internal_error", "Something went wrong; it has been noted."
    elif isinstance(exc, ContentEncodingError):
        code, detail = "malformed_body", "The body is not packed as Content-Encoding says."
    else:
        # Anything that speaks to the port by mistake; nobody needs to be woken for it.
        # Its words repeat the line that could not be read, with path, query and token.
        logger.debug("Turned away as no HTTP: %s", type(exc).__name__)
        code, detail = "malformed_body", "This is not a request of HTTP/1.1, or a line is too long."
    if request.writer.output_size > 0:
        raise ConnectionError("an answer is under way already")
    body = envelope(code, detail, name)
    response = web.Response(
        status=body["status"],
        body=orjson.dumps(body),
        content_type=MEDIA_TYPE,
        headers=headers_of_last_resort(_public_url(server), name),
    )
    response.force_close()
    return response


def _public_url(server: RequestHandler) -> str:
    """Return that of the application, which such a request knows nothing of."""
    manager = server._manager  # noqa: SLF001
    app = getattr(getattr(manager, "request_handler", None), "__self__", None)
    return app[SETTINGS].public_url if isinstance(app, web.Application) else ""
