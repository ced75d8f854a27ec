"""Sign-in, renewal and sign-out."""

import asyncio
from typing import Any
from urllib.parse import urlencode

import asyncpg
import pytest
from aiohttp import ClientResponse

from contactsvc.web.middleware.validation import MAX_FORM
from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, pointers, problem
from tests.support.answers import same
from tests.support.clocks import Clock
from tests.support.scrapes import Growth

ACCOUNT = {"email": "grace@example.com", "password": PASSWORD, "name": "Grace Hopper"}
SAME_ID = {"X-Request-ID": "one-and-the-same"}
"""Sent along, so that two answers that should not differ are equal to the byte."""


async def register(client: Client, **changes: Any) -> ClientResponse:
    return await client.post("/api/auth/register", json=ACCOUNT | changes, headers=SAME_ID)


async def login(client: Client, email: str, password: str = PASSWORD) -> ClientResponse:
    body = {"email": email, "password": password}
    return await client.post("/api/auth/login", json=body, headers=SAME_ID)


async def refresh(client: Client, token: str) -> ClientResponse:
    return await client.post("/api/auth/refresh", json={"refresh_token": token})


async def is_a_sign_in(client: Client, response: ClientResponse) -> None:
    """Assert that an answer holds tokens, and that they are accepted."""
    assert response.status == 200, await response.text()
    assert response.headers["Cache-Control"] == "no-store"
    tokens = await response.json()
    assert tokens.keys() == {"access_token", "refresh_token", "token_type", "expires_in"}
    assert (tokens["token_type"], tokens["expires_in"]) == ("bearer", 900)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (await client.get("/api/users/me", headers=bearer)).status == 200


@pytest.mark.parametrize("email", ["grace@example.com", "GRACE@Example.COM"])
async def test_signing_in_with_json(grace: Person, email: str) -> None:
    await is_a_sign_in(grace.client, await login(grace.client, email))


@pytest.mark.parametrize(
    "more",
    [{}, {"grant_type": "password", "scope": "", "client_id": "swagger", "client_secret": ""}],
    ids=["bare", "as Swagger sends it"],
)
async def test_signing_in_with_the_oauth2_form(grace: Person, more: dict[str, str]) -> None:
    form = {"username": grace.email, "password": PASSWORD} | more

    await is_a_sign_in(grace.client, await grace.client.post("/api/auth/login", data=form))


async def test_the_form_is_told_which_field_is_unknown(grace: Person) -> None:
    form = {"username": grace.email, "password": PASSWORD, "remember": "yes"}

    assert await pointers(await grace.client.post("/api/auth/login", data=form)) == {"/remember"}


async def test_the_form_may_have_sixteen_kibibytes(grace: Person) -> None:
    padding = MAX_FORM - len(urlencode({"username": "", "password": ""}))
    for size, status, code in (
        (padding, 422, "validation_failed"),
        (padding + 1, 413, "payload_too_large"),
    ):
        form = {"username": "", "password": "x" * size}
        await problem(await grace.client.post("/api/auth/login", data=form), status, code)


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/octet-stream", "multipart/form-data; boundary=x", "text/json"],
)
async def test_signing_in_with_anything_else_is_refused(client: Client, content_type: str) -> None:
    headers = {"Content-Type": content_type}
    body = b'{"email": "grace@example.com", "password": "correct horse battery staple"}'

    response = await client.post("/api/auth/login", data=body, headers=headers)

    await problem(response, 415, "unsupported_media_type")


async def test_an_unknown_email_looks_like_a_wrong_password(grace: Person) -> None:
    wrong = await login(grace.client, grace.email, "not the password")
    unknown = await login(grace.client, "nobody@example.com")
    no_email = await login(grace.client, "nobody")

    await problem(wrong, 401, "invalid_credentials")
    assert same(wrong, unknown)
    assert same(wrong, no_email)
    assert await wrong.read() == await unknown.read() == await no_email.read()


@pytest.mark.parametrize(
    ("state", "code"),
    [("confirmed = false", "email_not_confirmed"), ("is_active = false", "account_disabled")],
)
async def test_who_is_kept_out_learns_why_only_with_the_right_password(
    grace: Person, pg: asyncpg.Connection, state: str, code: str
) -> None:
    await pg.execute(f"UPDATE users SET {state}")

    await problem(await login(grace.client, grace.email), 403, code)
    wrong = await login(grace.client, grace.email, "not the password")
    await problem(wrong, 401, "invalid_credentials")
    unknown = await login(grace.client, "nobody@example.com")
    assert await wrong.read() == await unknown.read()


async def test_an_unconfirmed_account_may_sign_in_where_it_is_set_so(
    make_client: MakeClient,
) -> None:
    client = await make_client(require_confirmed_email=False)
    await register(client)

    await is_a_sign_in(client, await login(client, "grace@example.com"))


async def test_refreshing_gives_new_tokens(grace: Person) -> None:
    response = await refresh(grace.client, grace.tokens["refresh_token"])
    tokens = await response.json()

    await is_a_sign_in(grace.client, response)
    assert tokens["refresh_token"] != grace.tokens["refresh_token"]
    assert (await refresh(grace.client, tokens["refresh_token"])).status == 200


async def test_a_used_refresh_token_is_refused(grace: Person) -> None:
    first = grace.tokens["refresh_token"]
    second = (await (await refresh(grace.client, first)).json())["refresh_token"]
    await refresh(grace.client, second)

    await problem(await refresh(grace.client, first), 401, "unauthenticated")


async def test_ten_refreshes_at_once_all_get_the_one_successor(
    grace: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    answers = await asyncio.gather(
        *(refresh(grace.client, grace.tokens["refresh_token"]) for _ in range(10))
    )

    assert [answer.status for answer in answers] == [200] * 10
    assert len({(await answer.json())["refresh_token"] for answer in answers}) == 1


async def test_tokens_are_good_for_their_own_purpose_only(grace: Person) -> None:
    access, renewal = grace.tokens["access_token"], grace.tokens["refresh_token"]
    headers = {"Authorization": f"Bearer {renewal}"}

    await problem(await refresh(grace.client, access), 401, "unauthenticated")
    await problem(await grace.client.get("/api/users/me", headers=headers), 401, "unauthenticated")


@pytest.mark.parametrize(
    "change",
    ["UPDATE users SET is_active = false", "DELETE FROM users", "UPDATE sessions SET expires_at = "
     "now() - interval '1 second'"],
    ids=["disabled", "deleted", "session expired"],
)  # fmt: skip
async def test_refreshing_needs_an_account_and_a_session(
    grace: Person, pg: asyncpg.Connection, change: str
) -> None:
    await pg.execute(change)

    response = await refresh(grace.client, grace.tokens["refresh_token"])

    await problem(response, 401, "unauthenticated")


@pytest.mark.parametrize(
    ("body", "alive"),
    [
        (None, [False, True, True]),
        ({}, [False, True, True]),
        ({"scope": "local"}, [False, True, True]),
        ({"scope": "others"}, [True, False, False]),
        ({"scope": "global"}, [False, False, False]),
    ],
)
async def test_signing_out_ends_the_sessions_in_scope_at_once(
    grace: Person, make_person: MakePerson, body: dict[str, str] | None, alive: list[bool]
) -> None:
    devices = [grace, Person(grace.client, grace.email), Person(grace.client, grace.email)]
    for device in devices[1:]:
        await device.sign_in()
    bystander = await make_person("bob@example.com")
    for person in (*devices, bystander):  # so that all of them are cached
        assert (await person.get("/api/users/me")).status == 200

    response = await grace.post("/api/auth/logout", **({} if body is None else {"json": body}))

    assert response.status == 204
    assert await response.read() == b""
    expected = [200 if lives else 401 for lives in alive]
    assert [(await device.get("/api/users/me")).status for device in devices] == expected
    renewed = [await refresh(d.client, d.tokens["refresh_token"]) for d in devices]
    assert [answer.status for answer in renewed] == expected
    assert (await bystander.get("/api/users/me")).status == 200


async def test_a_sign_in_that_fails_is_counted(grace: Person) -> None:
    grown = await Growth.since_now(grace.client)

    assert (await login(grace.client, grace.email)).status == 200
    assert (await login(grace.client, grace.email, "not the password")).status == 401

    assert await grown.of("login_failures_total", reason="invalid_credentials") == 1
    assert await grown.of("login_failures_total") == 1


async def test_an_unknown_scope_ends_nothing(grace: Person) -> None:
    response = await grace.post("/api/auth/logout", json={"scope": "everywhere"})

    assert await pointers(response) == {"/scope"}
    assert (await grace.get("/api/users/me")).status == 200
