"""Who may call a handler, how often and with how much: said there, enforced in the middleware.

A handler that says nothing is for any signed-in user, so forgetting to say something locks out
rather than lets in. The decorators write a note on the handler and return it as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiohttp import hdrs, web

from contactsvc.platform.redis.throttle import Policy

Handler = TypeVar("Handler", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """Who may call a handler.

    Args:
        public: Everybody, signed in or not.
        roles: Of the signed-in, those who have one of these roles; empty is all of them.
    """

    public: bool = False
    roles: frozenset[str] = frozenset()


SIGNED_IN: Final = Access()
_NOTE: Final = "__contactsvc_access__"


def public(handler: Handler) -> Handler:
    """Let everybody call it."""
    setattr(handler, _NOTE, Access(public=True))
    return handler


def roles(*allowed: str) -> Callable[[Handler], Handler]:
    """Let only those signed-in users call it who have one of the roles."""

    def annotate(handler: Handler) -> Handler:
        setattr(handler, _NOTE, Access(roles=frozenset(allowed)))
        return handler

    return annotate


def access_of(handler: Any) -> Access:
    """Return who may call a handler."""
    access: Access = getattr(handler, _NOTE, SIGNED_IN)
    return access


@dataclass(frozen=True)
class Throttled:
    """How the calls of a handler are counted, besides those of each signed-in user.

    Args:
        address: The policy for the client's address.
        account: The policy for the e-mail, whether or not it has an account.
    """

    address: Policy
    account: Policy


LOGIN: Final = Throttled(Policy.LOGIN_ADDRESS, Policy.LOGIN_ACCOUNT)
"""A password is tried: of the signed-in user, or else of the body's ``email``."""

MAIL: Final = Throttled(Policy.MAIL_ADDRESS, Policy.MAIL_ACCOUNT)
"""A mail may go to the body's ``email``."""

_THROTTLED: Final = "__contactsvc_throttled__"


def throttled(*notes: Throttled) -> Callable[[Handler], Handler]:
    """Count its calls as LOGIN, MAIL or both."""

    def annotate(handler: Handler) -> Handler:
        setattr(handler, _THROTTLED, notes)
        return handler

    return annotate


def throttled_of(handler: Any) -> tuple[Throttled, ...]:
    """Return how the calls of a handler are counted."""
    notes: tuple[Throttled, ...] = getattr(handler, _THROTTLED, ())
    return notes


_BODY_LIMIT: Final = "__contactsvc_body_limit__"


def body_limit(size: int) -> Callable[[Handler], Handler]:
    """Let its body have up to ``size`` bytes, whatever others may have.

    Only what a body announces is checked in the middleware; the handler counts what it reads.
    """

    def annotate(handler: Handler) -> Handler:
        setattr(handler, _BODY_LIMIT, size)
        return handler

    return annotate


def body_limit_of(handler: Any) -> int | None:
    """Return how many bytes the body of a handler may have; None is as many as anybody's."""
    size: int | None = getattr(handler, _BODY_LIMIT, None)
    return size


_ANY_QUERY: Final = "__contactsvc_any_query__"


def any_query(handler: Handler) -> Handler:
    """Let it be called with any query, which is not read.

    Links that are mailed come back with what mail programs have added to count the clicks.
    """
    setattr(handler, _ANY_QUERY, True)
    return handler


def takes_any_query(handler: Any) -> bool:
    """Return whether a handler may be called with any query."""
    return getattr(handler, _ANY_QUERY, False)


_ANY_ACCEPT: Final = "__contactsvc_any_accept__"


def any_accept(handler: Handler) -> Handler:
    """Let it be called with any Accept, and answer what it has by default rather than 406.

    Links that are mailed are opened by previews, scanners and old mail programs, which name all
    kinds of media types; RFC 9110, section 12.5.1, lets a server disregard Accept.
    """
    setattr(handler, _ANY_ACCEPT, True)
    return handler


def takes_any_accept(handler: Any) -> bool:
    """Return whether a handler may be called with any Accept."""
    return getattr(handler, _ANY_ACCEPT, False)


def handler_of(request: web.Request) -> Any:
    """Return the function that will answer: of a view class, the method for this request.

    None where nothing will: an unknown path, or a method that the view has not.
    """
    handler = request.match_info.handler
    if isinstance(handler, type) and issubclass(handler, web.View):
        known = request.method in hdrs.METH_ALL
        return getattr(handler, request.method.lower(), None) if known else None
    return None if request.match_info.http_exception is not None else handler
