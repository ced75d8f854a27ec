"""What all views share."""

from typing import Any, Final

import orjson
from aiohttp import web

from contactsvc.accounts.audit.repository import Caller
from contactsvc.accounts.avatars.service import default_avatar_path
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.keys import CALLER, CURRENT_USER, SETTINGS
from contactsvc.platform.storage.store import Reference

CLEAR_CACHE: Final = {"Clear-Site-Data": '"cache"'}
"""For the end of a session: contacts have ETags, so browsers keep them (ASVS 5.0, 14.3.1)."""


class View(web.View):
    """A resource: one class, one method for each HTTP method. HEAD answers as GET does."""

    def __init_subclass__(cls) -> None:
        """Let HEAD mirror GET, with its documentation, schemas and access."""
        super().__init_subclass__()
        if "get" in vars(cls) and "head" not in vars(cls):
            cls.head = cls.get  # type: ignore[attr-defined]

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
    def user(self) -> CurrentUser:
        """Who is signed in."""
        return self.request[CURRENT_USER]

    @property
    def caller(self) -> Caller:
        """Where the request came from."""
        return self.request[CALLER]

    def url(self, path: str) -> str:
        """Return the absolute URL of a path of this service; the Host header has no say in it."""
        return f"{self.request.app[SETTINGS].public_url}{path}"

    def user_answer(self, user: CurrentUser) -> dict[str, Any]:
        """Return a user as it is answered, to oneself and to administrators."""
        return user_answer(user, self.request.app[SETTINGS].public_url)

    def _validated(self, location: str) -> dict[str, Any]:
        data: dict[str, Any] = self.request[location]
        return data


def json_response(
    data: object, status: int = 200, headers: dict[str, str] | None = None
) -> web.Response:
    """Return ``data`` as JSON; times become RFC 3339 in UTC ending in Z."""
    body = orjson.dumps(data, option=orjson.OPT_UTC_Z)
    return web.Response(body=body, status=status, headers=headers, content_type="application/json")


def user_answer(user: CurrentUser, public_url: str) -> dict[str, Any]:
    """Return a user as it is answered, to oneself and to administrators."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "confirmed": user.confirmed,
        "is_active": user.is_active,
        "avatar_url": _avatar_url(user, public_url),
        "region": user.region,
        "created_at": user.created_at,
    }


def _avatar_url(user: CurrentUser, public_url: str) -> str:
    if user.avatar is None:
        return f"{public_url}{default_avatar_path(user)}"
    reference = Reference.parse(user.avatar)
    return reference.url or f"{public_url}/api/avatars/{reference.name}"
