"""User name and password of HTTP Basic authentication (RFC 7617)."""

import base64
from typing import Final, NamedTuple

from aiohttp import hdrs, web

CHALLENGE: Final = 'Basic realm="contactsvc", charset="UTF-8"'
"""The WWW-Authenticate of an answer that asks for them."""


class BasicCredentials(NamedTuple):
    """What a client has sent; nothing of it is checked."""

    user_name: str
    password: str


def basic_of(request: web.Request) -> BasicCredentials | None:
    """Return the credentials; None where there are none, or they cannot be read."""
    scheme, _, encoded = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except ValueError:
        return None
    user_name, colon, password = text.partition(":")
    return BasicCredentials(user_name, password) if colon else None
