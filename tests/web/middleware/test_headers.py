"""What every answer tells a browser, so that the browser helps to keep people safe."""

from typing import Any

import pytest
from aiohttp import ClientResponse

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client, MakeClient, Person
from tests.flows.test_access_matrix import MATRIX, call

LIMIT = Settings.max_body_size
JSON = {"Content-Type": "application/json"}
TEXT = ("text/", "image/svg+xml")


async def every_answer(client: Client, token: str | None) -> list[ClientResponse]:
    """Call every route, and something that is none."""
    # The one that would end the session comes last.
    entries = sorted(MATRIX, key=lambda entry: "logout" in entry[1])
    answers = [await call(client, entry, token) for entry in entries]
    return [*answers, await client.get("/nothing/here")]


@pytest.mark.slow
async def test_every_answer_says_what_a_browser_may_do_with_it(client: Client, ada: Person) -> None:
    token = ada.tokens["access_token"]
    answers = await every_answer(client, None) + await every_answer(client, token)

    assert len(answers) > 2 * len(MATRIX)
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), answer.url
        assert "unsafe-eval" not in policy
        assert "script-src 'unsafe-inline'" not in policy
        assert answer.headers["Referrer-Policy"] == "no-referrer", answer.url
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.slow
async def test_no_answer_sets_a_cookie(client: Client, ada: Person) -> None:
    await ada.sign_in()  # would be the occasion
    token = ada.tokens["access_token"]
    for answer in await every_answer(client, token):
        assert "Set-Cookie" not in answer.headers, answer.url
    assert len(client.session.cookie_jar) == 0


@pytest.mark.slow
async def test_every_body_says_what_it_is(client: Client, ada: Person) -> None:
    seen = set()
    for answer in await every_answer(client, ada.tokens["access_token"]):
        if not await answer.read():
            continue
        media_type = answer.headers["Content-Type"]
        seen.add(media_type)
        assert not media_type.startswith(TEXT) or "charset=utf-8" in media_type, answer.url
        assert media_type != "application/octet-stream", answer.url
    assert {"application/json", "application/problem+json", "text/html; charset=utf-8"} <= seen


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
    ("PATCH", "/api/users/me", {"data": b" " * (LIMIT + 1), "headers": JSON}, 413, NO_STORE),
    ("POST", "/api/contacts/", {"data": b"x"}, 415, NO_STORE),
    ("POST", "/api/contacts/", {"json": {}}, 422, NO_STORE),
]  # fmt: skip


@pytest.mark.slow
async def test_every_answer_says_how_it_may_be_kept(ada: Person, subtests: pytest.Subtests) -> None:
    for method, path, kwargs, status, kept in ANSWERS:
        with subtests.test(f"{method} {path} {status}"):
            await ada.sign_in()  # the one before may have signed out
            contact = await ada.add_contact()
            url = path.replace("/contacts/1", f"/contacts/{contact['id']}")

            response = await ada.request(method, url, **kwargs)

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
