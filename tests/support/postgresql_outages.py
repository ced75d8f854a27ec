"""Calls of every kind while PostgreSQL is away or struck, and when it is back."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client, Person
from tests.support.fault_proxy import FaultProxy
from tests.support.outages import Call, is_unavailable, recovers
from tests.support.waiting import PATIENCE

ADA = {"email": "ada@example.com", "password": PASSWORD}
CONTACT = {"first_name": "Ada"}

HASTY = {
    "database_timeout": Settings.database_timeout,
    "redis_timeout": Settings.redis_timeout,
}


def there(person: Person, client: Client) -> Person:
    """Return the same person, who asks another application."""
    return Person(client, person.email, person.tokens)


def calls(grace: Person) -> dict[str, Callable[[], Any]]:
    """Return calls that cannot be answered without PostgreSQL, of every kind."""
    client = grace.client
    return {
        "read": partial(grace.get, "/api/contacts/"),
        "write": partial(grace.post, "/api/contacts/", json=CONTACT),
        "transaction": partial(grace.patch, "/api/users/me", json={"name": "Admiral"}),
        "login": partial(client.post, "/api/auth/login", json=ADA),
        "registration": partial(client.post, "/api/auth/register", json=ADA),
        "public": partial(client.post, "/api/auth/update_password", json={"email": ADA["email"]}),
        "health": partial(client.get, "/api/healthchecker"),
    }


async def all_unavailable(grace: Person) -> None:
    """Assert that every call is told, all at once and then one by one."""
    every = calls(grace).values()
    await asyncio.gather(*map(is_unavailable, every))
    for call in every:
        await is_unavailable(call)


async def all_recover(grace: Person) -> None:
    """Assert that calls of every kind succeed again."""
    for call in ("read", "write", "transaction", "health"):
        await recovers(calls(grace)[call])


async def what_needs_none(client: Client) -> None:
    """Assert that calls which need no PostgreSQL, or make do without it, are answered."""
    for path in ("/livez", "/api/docs/openapi.json", "/metrics"):
        async with asyncio.timeout(PATIENCE):
            assert (await client.get(path)).status == 200


async def is_struck(call: Call, proxy: FaultProxy, *words: bytes, by: Callable[[], None]) -> None:
    """Let a fault happen before PostgreSQL hears the last of ``words``, and the call be told."""
    struck = asyncio.Event()

    def strike() -> None:
        by()
        struck.set()

    proxy.before(*words, act=strike)
    while not struck.is_set():  # on a busy machine another fault may have been seen before
        await is_unavailable(call)
