"""Counts the tries at passwords and mailboxes, before the handler does anything."""

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
from contactsvc.web.operation import LOGIN, OPERATION, Throttled

IPV6_PREFIX: Final = 64
"""Bits of an IPv6 address that tell subscribers apart; the others are theirs to choose."""


@web.middleware
async def throttling(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count a try for the address and for the account, as the operation says.

    It stands behind the validation, so that the body's e-mail can be read.
    """
    throttle = services_of(request.app).throttle
    operation = request[OPERATION]
    notes = operation.throttles if operation is not None else ()
    if notes:
        await throttle.hit_all(_tries(request, notes))
    response = await handler(request)
    if LOGIN in notes and (account := _account(request, LOGIN)):
        # The address' tries stay: a guesser could forgive himself with an account of his own.
        await throttle.clear(LOGIN.account, account)
    return response


def _tries(request: web.Request, notes: Iterable[Throttled]) -> Iterator[tuple[Policy, str]]:
    for note in notes:
        yield note.address, address_block(request[CALLER].ip)
        if account := _account(request, note):
            yield note.account, account


def address_block(ip: str) -> str:
    """Return what tries from ``ip`` are counted under."""
    if ip and isinstance(ip_address(ip), IPv6Address):
        return str(ip_network((ip, IPV6_PREFIX), strict=False))
    return ip


def _account(request: web.Request, note: Throttled) -> str | None:
    """Return the e-mail whose password or mailbox the request is about, known or not.

    None where it does not say: that of a link is known to its holder alone.
    """
    user = request.get(CURRENT_USER)
    typed: str | None = user.email if user and note is LOGIN else request["json"].get("email")
    return email_key(typed) if typed is not None else None
