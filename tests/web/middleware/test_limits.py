"""What is too large is turned away: announced, before anything is read; silent, while it is."""

from collections.abc import AsyncIterator
from io import BytesIO

import pytest

from contactsvc.accounts.avatars.views import MAX_BYTES
from contactsvc.contacts.schemas.limits import MAX_BYTES as LARGEST_CONTACT
from contactsvc.platform.settings import Settings
from contactsvc.web.uploads import MULTIPART_OVERHEAD
from tests.conftest import Client, MakeClient, Person, problem
from tests.support.raw import status_of

JSON = {"Content-Type": "application/json"}
LIMIT = Settings.max_body_size


LARGEST = (
    ("PATCH", "/api/users/me", b'{"name": "Ada"}', LIMIT),
    ("POST", "/api/contacts/", b'{"first_name": "Ada"}', LARGEST_CONTACT),
)
"""Calls with a body, and the most bytes that it may have."""


def body_of(size: int, body: bytes = b'{"name": "Ada"}') -> bytes:
    """Return a body of that many bytes."""
    return body + b" " * (size - len(body))


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    """Give a body piece by piece, so that its size is not announced."""
    for start in range(0, len(body), 32 * 1024):
        yield body[start : start + 32 * 1024]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_of_just_the_largest_size(grace: Person, announced: bool) -> None:
    for method, path, start, limit in LARGEST:
        body = body_of(limit, start)
        data = BytesIO(body) if announced else in_chunks(body)
        response = await grace.request(method, path, data=data, headers=JSON)
        assert response.status in (200, 201), await response.text()


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_large(grace: Person, announced: bool) -> None:
    for method, path, start, limit in LARGEST:
        body = body_of(limit + 1, start)
        data = BytesIO(body) if announced else in_chunks(body)
        response = await grace.request(method, path, data=data, headers=JSON)
        await problem(response, 413, "payload_too_large")
    assert (await (await grace.get("/api/contacts/")).json())["items"] == []


def head(method: str, path: str, length: int) -> bytes:
    """Return the head of a request whose body does not come."""
    lines = (f"{method} {path} HTTP/1.1", "Host: x", f"Content-Length: {length}")
    return "\r\n".join((*lines, "", "")).encode()


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("POST", "/api/auth/login", LIMIT),
        ("POST", "/api/contacts/", LARGEST_CONTACT),
        ("PATCH", "/api/users/me", LIMIT),
        ("PATCH", "/api/users/avatar", MAX_BYTES + MULTIPART_OVERHEAD),
        ("POST", "/nothing", LIMIT),
    ],
)
async def test_it_is_turned_away_by_its_size_alone(
    client: Client, method: str, path: str, limit: int
) -> None:
    """Neither its body is waited for nor who sends it looked up."""
    assert await status_of(client, head(method, path, limit + 1)) == 413


async def test_a_size_that_is_allowed_is_let_through_to_who_asks_for_a_token(
    client: Client,
) -> None:
    for path, limit in (
        ("/api/contacts/", LARGEST_CONTACT),
        ("/api/users/avatar", MAX_BYTES + MULTIPART_OVERHEAD),
    ):
        method = "POST" if "contacts" in path else "PATCH"
        assert await status_of(client, head(method, path, limit)) == 401


async def test_the_limit_is_a_setting(make_client: MakeClient, grace: Person) -> None:
    size = 64 * 1024
    grace.client = await make_client(max_body_size=size)

    heads = [head("PATCH", "/api/users/me", announced) for announced in (size, size + 1)]
    statuses = [await status_of(grace.client, each) for each in heads]
    fits = await grace.patch("/api/users/me", data=body_of(size), headers=JSON)
    too_large = await grace.patch("/api/users/me", data=in_chunks(body_of(size + 1)), headers=JSON)

    assert statuses == [401, 413]
    assert fits.status == 200
    await problem(too_large, 413, "payload_too_large")
