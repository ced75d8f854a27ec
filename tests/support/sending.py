"""Requests that a well-behaved client would not send."""

from typing import Any

from aiohttp import ClientResponse
from yarl import URL

from tests.conftest import Person


async def fetch(person: Person, method: str, url: str | URL, **kwargs: Any) -> ClientResponse:
    """Send a request whose URL is left as it is, whatever its escapes mean."""
    headers = person.headers | kwargs.pop("headers", {})
    url = url if isinstance(url, URL) else URL(url, encoded=True)
    return await person.client.request(method, url, headers=headers, **kwargs)
