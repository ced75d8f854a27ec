"""Requests with a key, for the tests of idempotency."""

from typing import Any

from aiohttp import ClientResponse

from tests.conftest import Person

PATH = "/api/contacts/"
ADA = {"first_name": "Ada", "notes": "Ünïcode"}
KEPT = ("Location", "ETag", "Content-Type", "Cache-Control")
COUNT = "SELECT count(*) FROM contacts"
KEYS = "SELECT * FROM idempotency_keys"


async def add(person: Person, key: str = "k", **body: Any) -> ClientResponse:
    """Add a contact with a key."""
    return await person.post(PATH, json=body or ADA, headers={"Idempotency-Key": key})


def replayed(response: ClientResponse) -> bool:
    """Return whether an answer is given again."""
    said = response.headers.get("Idempotency-Replayed")
    assert said in (None, "true")
    return said is not None
