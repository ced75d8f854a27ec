"""The middleware that limits attempts at passwords and requests for mail."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.accounts.keys import CURRENT_USER
from contactsvc.accounts.services import services_of
from contactsvc.platform.redis.throttle import Policy
from contactsvc.platform.text.search_keys import email_key
from contactsvc.web.keys import CALLER
from contactsvc.web.operation import OPERATION
from contactsvc.web.throttled import LOGIN, Throttled

IPV6_PREFIX: Final = 64
"""Bits of an IPv6 address that identify a subscriber, who may choose the others freely."""


@web.middleware
async def throttling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count an attempt for the client's address and for the account, as the operation declares.

    It runs after the validation, as it needs the e-mail in the body.

    Raises:
        RateLimited: A limit is exceeded; the handler is not called.
    """
    operation = request[OPERATION]
    if operation is None or not operation.throttles:
        return await handler(request)
    throttle, throttles = services_of(request.app).throttle, operation.throttles
    await throttle.hit_all(_attempts(request, throttles))
    response = await handler(request)
    if LOGIN in throttles and (account := _account(request, LOGIN)):
        # Those of the address stay: else a guesser could reset them with an account of their own.
        await throttle.clear(LOGIN.account, account)
    return response


def _attempts(request: web.Request, throttles: Iterable[Throttled]) -> Iterator[tuple[Policy, str]]:
    for throttled in throttles:
        yield throttled.address, address_block(request[CALLER].ip)
        if account := _account(request, throttled):
            yield throttled.account, account


def address_block(ip: str) -> str:
    """Return what attempts from ``ip`` are counted by: the address, or the /64 network in IPv6."""
    if ip and isinstance(ip_address(ip), IPv6Address):
        return str(ip_network((ip, IPV6_PREFIX), strict=False))
    return ip


def _account(request: web.Request, throttled: Throttled) -> str | None:
    """Return the e-mail whose password or mailbox the request is about, known or not.

    None where the request does not say, as with the link of a mail.
    """
    user = request.get(CURRENT_USER)
    typed: str | None = user.email if user and throttled is LOGIN else request["json"].get("email")
    return email_key(typed) if typed is not None else None
