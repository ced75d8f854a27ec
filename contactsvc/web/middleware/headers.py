"""The headers that every answer carries."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from aiohttp import web

from contactsvc.web.keys import REQUEST_ID
from contactsvc.web.middleware.request_id import HEADER

_DEFAULTS: Final = {
    # An answer is cached nowhere unless its handler says otherwise.
    "Cache-Control": "no-store",
    # Most answers are no pages; if a browser opens one as a page, it may load nothing.
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
}


def add_headers(request: web.Request, response: web.StreamResponse, public_url: str) -> None:
    """Add the headers of every answer; ``public_url`` is the setting PUBLIC_URL."""
    headers = response.headers
    headers[HEADER] = request.get(REQUEST_ID, "")
    for name, value in constant_headers(public_url).items():
        headers[name] = value
    for name, value in _DEFAULTS.items():
        headers.setdefault(name, value)


@cache
def constant_headers(public_url: str) -> Mapping[str, str]:
    """Return the headers that are the same on every answer of a service."""
    headers = {
        "X-Content-Type-Options": "nosniff",
        "Server": "contactsvc",  # aiohttp would tell its version and Python's
    }
    if public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"  # a year: ASVS 5.0, 3.4.1
    return headers


def default_headers(public_url: str, request_id: str) -> dict[str, str]:
    """Return the headers of an answer to what aiohttp could not parse as a request.

    Args:
        public_url: The setting PUBLIC_URL; empty if it is not known.
        request_id: Named in the answer and in the log.
    """
    return {HEADER: request_id, **constant_headers(public_url), **_DEFAULTS}
