"""What the tests through HTTP share."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from tests.conftest import Client, Person
from tests.support.browser import Browser, open_browser
from tests.support.openapi import Json
from tests.support.redis_server import REDIS_SERVER, RedisServer

ADA: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+442079460958",
    "birthday": "1815-12-10",
    "notes": "Wrote the first program.",
}


@pytest.fixture
async def ada(grace: Person, pg: asyncpg.Connection) -> Person:
    """An administrator with one contact, so that every route is theirs to call.

    The ids of both are 1, and every field of the contact is set.
    """
    await grace.add_contact(**ADA)
    await pg.execute("UPDATE users SET role = 'admin'")
    return grace


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser with an empty page."""
    async with open_browser() as browser:
        yield browser


@pytest.fixture
def origin(client: Client) -> str:
    """Where the service really listens."""
    return str(client.server.make_url("/")).rstrip("/")


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """A Redis that may be killed."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture
async def document(client: Client) -> Json:
    """The document, fetched as everybody fetches it."""
    response = await client.get("/api/docs/openapi.json")
    assert response.status == 200
    body: Json = await response.json()
    return body
