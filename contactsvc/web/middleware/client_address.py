"""Finds the client's address, for throttling, the audit log and the list of sessions.

Anybody can send ``X-Forwarded-For``. Each proxy appends the address that it saw, so the list is
read from the right, and only as far as trusted proxies have written it.
"""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from contactsvc.platform.caller import Caller
from contactsvc.web.keys import CALLER, REQUEST_ID, SERVICES

USER_AGENT_MAX_LENGTH: Final = 255

_WITH_PORT: Final = re.compile(r"\[([^\[\]]+)\](?::[0-9]{1,5})?|([0-9.]+):[0-9]{1,5}", re.ASCII)


@web.middleware
async def client_address(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the caller, with address, user agent and request id, on the request."""
    headers = request.headers
    forwarded = headers.getall(hdrs.X_FORWARDED_FOR, ())
    # aiohttp gives bytes that are no UTF-8 as lone surrogates, which PostgreSQL cannot hold.
    user_agent = headers.get(hdrs.USER_AGENT, "")[:USER_AGENT_MAX_LENGTH]
    request[CALLER] = Caller(
        ip=client_ip(
            request.remote or "", forwarded, request.app[SERVICES].settings.trusted_proxies
        ),
        user_agent=user_agent.encode("utf-8", "replace").decode(),
        request_id=request[REQUEST_ID],
    )
    return await handler(request)


def client_ip(peer: str, forwarded: Iterable[str], trusted: tuple[str, ...]) -> str:
    """Return the address of the client; empty where there is none, as with a Unix socket.

    Args:
        peer: The address at the other end of the connection.
        forwarded: The lines of X-Forwarded-For, which together are one list (RFC 9110, 5.3).
        trusted: The networks of trusted proxies, in CIDR notation.
    """
    networks = _networks(trusted)
    if not networks:
        return _normal(peer)
    address, entries = _address(peer), ",".join(forwarded).split(",")
    while entries and address and any(address in network for network in networks):
        nearer = _address(entries.pop())
        if nearer is None:
            break  # nor is anything to the left of an invalid entry trusted
        address = nearer
    return str(address) if address else ""


@cache
def _networks(texts: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(text) for text in texts)


@lru_cache(maxsize=1024)
def _normal(text: str) -> str:
    """Return an address as it is written everywhere in the service; empty if it is invalid."""
    address = _address(text)
    return str(address) if address else ""


@lru_cache(maxsize=1024)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Parse an address with or without a port; None if it is invalid. IPv4-mapped becomes IPv4.

    A text is as long as a header line may be, so those that are remembered take 8 MB at the most.
    """
    text = text.strip(" \t")
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        # Drop the zone, which has a meaning only on this machine.
        return address.ipv4_mapped or IPv6Address(int(address))
    return address
