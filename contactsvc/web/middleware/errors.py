"""Turns exceptions into problem details (RFC 9457)."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.platform.errors import RateLimited, ServiceError, Unavailable, ValidationFailed
from contactsvc.web.basic import CHALLENGE
from contactsvc.web.keys import REQUEST_ID
from contactsvc.web.operation import OPERATION, Credential
from contactsvc.web.pages import HTML, page, wants_page
from contactsvc.web.problems import MEDIA_TYPE, PROBLEMS
from contactsvc.web.schemas import JSON

logger = logging.getLogger(__name__)

RETRY_AFTER: Final = "2"
"""Seconds after which a client may try again when a part of the service is away."""


_HTTP: Final[Mapping[int, tuple[str, str]]] = {
    404: ("not_found", "There is nothing at this path."),
    405: ("method_not_allowed", "This path does not know this method; see Allow."),
    406: ("not_acceptable", "This path answers only in the media types it documents."),
    413: ("payload_too_large", "The body is larger than this service accepts."),
    415: ("unsupported_media_type", "Send the body as the documented media type."),
}
"""Code and detail by status, for exceptions of aiohttp itself."""


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer errors with problem details; unexpected ones are logged, and not told to clients."""
    try:
        return await handler(request)
    except ServiceError as error:
        return answer_to(request, error)
    except web.HTTPException as error:
        return _of_http_exception(request, error)
    except Exception:
        logger.exception("Unexpected error in request %s", request[REQUEST_ID])
        return problem(request, "internal_error", "Something went wrong; it has been noted.")


def problem(
    request: web.Request,
    code: str,
    detail: str,
    members: dict[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """Return problem details, or a page if a browser opens a link of a mail.

    Args:
        request: The request to answer.
        code: A key of PROBLEMS.
        detail: One sentence about this occurrence.
        members: More members of the problem details.
        headers: More headers of the answer.
    """
    body = envelope(code, detail, request[REQUEST_ID]) | (members or {})
    if _a_person_asks(request):
        response = page(body["title"], _sentence_for_people(body), status=body["status"])
        response.headers.update(headers or {})
    else:
        response = web.Response(
            status=body["status"], body=orjson.dumps(body), content_type=MEDIA_TYPE, headers=headers
        )
    return response


def _a_person_asks(request: web.Request) -> bool:
    """Return whether a browser asks, and the operation answers with pages."""
    operation = request[OPERATION]
    pages = operation is not None and {HTML, JSON} <= set(operation.media_types)
    return pages and wants_page(request)


def _sentence_for_people(body: dict[str, Any]) -> str:
    """Return the sentence to show on a page: the first error of a field, or else the detail."""
    errors = body.get("errors")
    return str(errors[0]["detail"] if errors else body["detail"])


def envelope(code: str, detail: str, request_id: str) -> dict[str, Any]:
    """Return the members that all problem details have."""
    status, title = PROBLEMS[code]
    return {
        "type": f"urn:contactsvc:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }


def described(error: ServiceError, request_id: str) -> dict[str, Any]:
    """Return an error as problem details, for a part of an answer."""
    return envelope(error.code, error.detail, request_id) | _members(error)


def _members(error: ServiceError) -> dict[str, Any]:
    members: dict[str, Any] = {}
    if isinstance(error, ValidationFailed):
        members["errors"] = [field._asdict() for field in error.errors]
    if isinstance(error, Unavailable) and error.checks:
        members["checks"] = error.checks
    return members


def answer_to(request: web.Request, error: ServiceError) -> web.Response:
    """Return the problem details of an error, with the headers that go with it."""
    headers: dict[str, str] = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = RETRY_AFTER
    if isinstance(error, RateLimited):
        # draft-ietf-httpapi-ratelimit-headers
        headers["Retry-After"] = str(error.retry_after)
        headers["RateLimit"] = f'"{error.policy}";r=0;t={error.retry_after}'
        headers["RateLimit-Policy"] = f'"{error.policy}";q={error.limit};w={error.window}'
    if PROBLEMS[error.code].status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = _challenge(request)
    return problem(request, error.code, error.detail, _members(error), headers)


def _challenge(request: web.Request) -> str:
    operation = request[OPERATION]
    takes_basic = operation is not None and Credential.BASIC in operation.access.credentials
    return CHALLENGE if takes_basic else "Bearer"


def _of_http_exception(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if error.status < HTTPStatus.BAD_REQUEST:
        return error
    code, detail = _HTTP.get(error.status, ("malformed_body", "The request cannot be read."))
    if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        code, detail = "internal_error", "Something went wrong."
    kept = {name: error.headers[name] for name in ("Allow",) if name in error.headers}
    return problem(request, code, detail, headers=kept)
