"""The base class of all views, and JSON answers."""

from typing import Any, Final

import orjson
from aiohttp import web

from contactsvc.platform.caller import Caller
from contactsvc.web.keys import CALLER, SERVICES
from contactsvc.web.methods import METHODS
from contactsvc.web.services import WebServices

CLEAR_CACHE: Final = {"Clear-Site-Data": '"cache"'}
"""Headers at the end of a session: browsers drop the contacts they have cached (ASVS 14.3.1)."""


class View(web.View):
    """A resource: one class, one method for each HTTP method. HEAD answers as GET does."""

    def __init_subclass__(cls) -> None:
        """Let HEAD mirror GET, with its documentation, schemas and access."""
        super().__init_subclass__()
        if "get" in vars(cls) and "head" not in vars(cls):
            cls.head = cls.get  # type: ignore[attr-defined]

    async def _iter(self) -> web.StreamResponse:
        """Call the method that is asked for; aiohttp's own view knows none of WebDAV's.

        Raises:
            HTTPMethodNotAllowed: The resource does not have it.
        """
        method = self.request.method
        handler = getattr(self, method.lower(), None) if method in METHODS else None
        if handler is None:
            raise web.HTTPMethodNotAllowed(method, self.allowed_methods())
        response: web.StreamResponse = await handler()
        return response

    @classmethod
    def allowed_methods(cls) -> list[str]:
        """Return the methods that the resource has, for Allow (RFC 9110, 10.2.1)."""
        return [method for method in sorted(METHODS) if hasattr(cls, method.lower())]

    @property
    def services(self) -> WebServices:
        """The services of the application."""
        return self.request.app[SERVICES]

    @property
    def body(self) -> dict[str, Any]:
        """The validated body."""
        return self._validated("json")

    @property
    def query(self) -> dict[str, Any]:
        """The validated query."""
        return self._validated("querystring")

    @property
    def path(self) -> dict[str, Any]:
        """The validated path parameters."""
        return self._validated("match_info")

    @property
    def caller(self) -> Caller:
        """Address, user agent and request id of the client."""
        return self.request[CALLER]

    def url(self, path: str) -> str:
        """Return the absolute URL of a path, made of PUBLIC_URL and never of the Host header."""
        return f"{self.services.settings.public_url}{path}"

    def _validated(self, location: str) -> dict[str, Any]:
        data: dict[str, Any] = self.request[location]
        return data


def json_response(
    data: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Return ``data`` as JSON; times become RFC 3339 in UTC ending in Z."""
    body = orjson.dumps(data, option=orjson.OPT_UTC_Z)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def accepted() -> web.Response:
    """Return the answer 202 as :class:`~contactsvc.web.schemas.AcceptedAnswer` describes it."""
    return json_response({"status": "accepted"}, status=202)
