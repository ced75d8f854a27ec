"""What all answers have in common: the envelope of errors, the headers, and how paths are read."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.access import public
from contactsvc.app import create_app
from contactsvc.routes import ROUTES
from contactsvc.settings import Settings
from contactsvc.views.base import View
from tests.conftest import PASSWORD, Client, MakeClient, Person, problem

JSON = {"Content-Type": "application/json"}
# What is at the end of a mailed link, or of a picture's name, is not there for everybody.
GETS = [
    path
    for path, view in ROUTES
    if hasattr(view, "get") and "token" not in path and "avatars" not in path
]
OTHERS = [
    (method, path)
    for path, view in ROUTES
    for method in ("POST", "PUT", "PATCH", "DELETE")
    if any(
        note["location"] == "json"
        for note in getattr(getattr(view, method.lower(), None), "__schemas__", ())
    )
]
"""Where a body is read as JSON."""


def filled(path: str, number: int = 1) -> str:
    """Return the path of a route with something in its place holders."""
    return path.format(id=number, contact_id=number, name="start.js", token="unknown")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
async def test_there_is_nothing_there(client: Client, method: str) -> None:
    for path in ("/", "/api", "/api/", "/api/nothing", "/api/contacts//", "/api/contacts/1/2"):
        for headers in ({}, {"Accept": "application/json"}, {"Accept": "image/png"}):
            response = await client.request(method, path, headers=headers)
            await problem(response, 404, "not_found")


@pytest.mark.parametrize(("path", "view"), ROUTES, ids=[path for path, _ in ROUTES])
async def test_a_method_that_a_path_does_not_know(
    client: Client, path: str, view: type[View]
) -> None:
    methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"}
    known = {method for method in methods if hasattr(view, method.lower())}

    for method in sorted(methods - known - {"HEAD"}):
        for form in (filled(path).rstrip("/"), f"{filled(path).rstrip('/')}/"):
            response = await client.request(method, form, headers={"Accept": "application/json"})
            await problem(response, 405, "method_not_allowed")
            assert set(re.split(", ?", response.headers["Allow"])) == known


LIMIT = 256 * 1024


def body_of(size: int) -> bytes:
    """Return a contact of that many bytes."""
    body = b'{"first_name": "Ada"}'
    return body + b" " * (size - len(body))


async def in_chunks(body: bytes) -> AsyncIterator[bytes]:
    """Give a body piece by piece, so that its size is not announced."""
    for start in range(0, len(body), 32 * 1024):
        yield body[start : start + 32 * 1024]


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_of_just_the_largest_size(grace: Person, announced: bool) -> None:
    data = body_of(LIMIT) if announced else in_chunks(body_of(LIMIT))

    assert (await grace.post("/api/contacts/", data=data, headers=JSON)).status == 201


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_that_is_too_large(grace: Person, announced: bool) -> None:
    data = body_of(LIMIT + 1) if announced else in_chunks(body_of(LIMIT + 1))

    response = await grace.post("/api/contacts/", data=data, headers=JSON)

    await problem(response, 413, "payload_too_large")
    assert (await (await grace.get("/api/contacts/")).json())["items"] == []


@pytest.mark.parametrize(("method", "path"), [e for e in OTHERS if e[0] != "DELETE"])
async def test_a_body_of_another_kind(ada: Person, method: str, path: str) -> None:
    for content_type in ("text/plain", "application/xml", "nonsense"):
        headers = {"Content-Type": content_type}
        response = await ada.request(method, filled(path), data=b"{}", headers=headers)
        await problem(response, 415, "unsupported_media_type")


class Broken(View):
    """A view that fails in a way that nobody thought of."""

    @public
    async def get(self) -> web.Response:
        raise RuntimeError("password is hunter2")


@pytest.fixture
async def broken(settings: Settings, aiohttp_client: AiohttpClient) -> Client:
    """A client of an application with one route more, /broken."""
    app = create_app(settings)
    app.router.add_view("/broken", Broken)
    return await aiohttp_client(app)


async def test_what_is_unexpected_is_told_to_nobody_but_the_log(
    broken: Client, caplog: pytest.LogCaptureFixture
) -> None:
    response = await broken.get("/broken")

    body = await problem(response, 500, "internal_error")
    text = await response.text()
    assert not re.search("hunter2|RuntimeError|Traceback|test_errors", text)
    assert body.keys() == {"type", "title", "status", "detail", "code", "request_id"}
    assert "hunter2" in caplog.text
    assert body["request_id"] in caplog.text


@pytest.mark.parametrize("given", ["x", "A-z_0.9", "x" * 128])
@pytest.mark.parametrize("path", ["/livez", "/api/users/me", "/nothing"])
async def test_a_harmless_request_id_is_kept(client: Client, path: str, given: str) -> None:
    response = await client.get(path, headers={"X-Request-ID": given})

    assert response.headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a/b", "<x>", "é", "x\ty", "١"])
async def test_any_other_request_id_is_replaced(client: Client, given: str) -> None:
    made = set()
    for path in ("/livez", "/nothing"):
        response = await client.get(path, headers={"X-Request-ID": given})
        made.add(response.headers["X-Request-ID"])

    assert len(made) == 2
    assert given not in made
    assert all(re.fullmatch("[A-Za-z0-9._-]{1,128}", name) for name in made)


NO_STORE, ETAGGED = "no-store", "private, no-cache"
ANSWERS: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/api/users/me", {}, 200, NO_STORE),
    ("PATCH", "/api/users/me", {"json": {}}, 200, NO_STORE),
    ("GET", "/api/contacts/", {}, 200, NO_STORE),
    ("GET", "/api/contacts/birthdays", {}, 200, NO_STORE),
    ("POST", "/api/contacts/", {"json": {"first_name": "Bob"}}, 201, ETAGGED),
    ("GET", "/api/contacts/1", {}, 200, ETAGGED),
    ("HEAD", "/api/contacts/1", {}, 200, ETAGGED),
    ("GET", "/api/contacts/1", {"headers": {"If-None-Match": "*"}}, 304, ETAGGED),
    ("PUT", "/api/contacts/1", {"json": {"first_name": "Bob"}}, 200, ETAGGED),
    ("PATCH", "/api/contacts/1", {"json": {}}, 200, ETAGGED),
    ("DELETE", "/api/contacts/1", {}, 204, NO_STORE),
    ("POST", "/api/auth/register", {"json": {"email": "b@example.com", "password": PASSWORD}},
     201, NO_STORE),
    ("POST", "/api/auth/login", {"json": {"email": "b@example.com", "password": "x"}}, 401,
     NO_STORE),
    ("POST", "/api/auth/logout", {}, 204, NO_STORE),
    ("GET", "/api/users/me", {"headers": {"Authorization": "Bearer x"}}, 401, NO_STORE),
    ("POST", "/api/contacts/", {"data": b"x", "headers": JSON}, 400, NO_STORE),
    ("GET", "/nothing", {}, 404, NO_STORE),
    ("POST", "/livez", {}, 405, NO_STORE),
    ("GET", "/livez", {"headers": {"Accept": "image/png"}}, 406, NO_STORE),
    ("PATCH", "/api/contacts/1", {"json": {}, "headers": {"If-Match": "x"}}, 412, NO_STORE),
    ("POST", "/api/contacts/", {"data": b" " * (LIMIT + 1), "headers": JSON}, 413, NO_STORE),
    ("POST", "/api/contacts/", {"data": b"x"}, 415, NO_STORE),
    ("POST", "/api/contacts/", {"json": {}}, 422, NO_STORE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "kwargs", "status", "kept"),
    ANSWERS,
    ids=[f"{method} {path} {status}" for method, path, _, status, _ in ANSWERS],
)
async def test_every_answer_says_how_it_may_be_kept(
    ada: Person, method: str, path: str, kwargs: dict[str, Any], status: int, kept: str
) -> None:
    response = await ada.request(method, path, **kwargs)

    assert response.status == status
    assert response.headers["Cache-Control"] == kept
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["X-Request-ID"]


async def test_tokens_may_not_be_kept(grace: Person, broken: Client) -> None:
    body = {"email": grace.email, "password": PASSWORD}
    signed_in = await broken.post("/api/auth/login", json=body)
    body = {"refresh_token": (await signed_in.json())["refresh_token"]}
    renewed = await broken.post("/api/auth/refresh", json=body)

    for response in (signed_in, renewed, await broken.get("/broken")):
        assert response.headers["Cache-Control"] == NO_STORE
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (signed_in.status, renewed.status) == (200, 200)


async def test_https_is_insisted_on_where_the_service_is_reached_by_it(
    make_client: MakeClient,
) -> None:
    for public_url, expected in (("https://x.example", "max-age=31536000"), ("http://x", None)):
        client = await make_client(public_url=public_url)
        for path in ("/livez", "/nothing", "/api/users/me"):
            response = await client.get(path)
            assert response.headers.get("Strict-Transport-Security") == expected
        await client.close()
