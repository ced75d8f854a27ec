"""Who may call a handler: said at the handler, enforced in the middleware.

A handler that says nothing is for any signed-in user, so forgetting to say something locks out
rather than lets in. The decorators write a note on the handler and return it as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiohttp import hdrs, web

from contactsvc.models import Role

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may call a handler.

    Args:
        public: Everybody, signed in or not.
        roles: Of the signed-in, those who have one of these roles; empty is all of them.
    """

    public: bool = False
    roles: frozenset[Role] = frozenset()


SIGNED_IN: Final = Access()
_NOTE: Final = "__contactsvc_access__"


def public(handler: Handler) -> Handler:
    """Let everybody call it."""
    setattr(handler, _NOTE, Access(public=True))
    return handler


def roles(*allowed: Role) -> Callable[[Handler], Handler]:
    """Let only those signed-in users call it who have one of the roles."""

    def annotate(handler: Handler) -> Handler:
        setattr(handler, _NOTE, Access(roles=frozenset(allowed)))
        return handler

    return annotate


def access_of(handler: Any) -> Access:
    """Return who may call a handler."""
    access: Access = getattr(handler, _NOTE, SIGNED_IN)
    return access


def handler_of(request: web.Request) -> Any:
    """Return the function that will answer: of a view class, the method for this request.

    None where nothing will: an unknown path, or a method that the view has not.
    """
    handler = request.match_info.handler
    if isinstance(handler, type) and issubclass(handler, web.View):
        known = request.method in hdrs.METH_ALL
        return getattr(handler, request.method.lower(), None) if known else None
    return None if request.match_info.http_exception is not None else handler
