"""Sign-up, sign-in and avatars are answered as the OpenAPI document says."""

from io import BytesIO
from typing import Any

import asyncpg
from aiohttp import ClientResponse, FormData

from tests.conftest import PASSWORD, Client, MakeClient, Person
from tests.support.openapi import Json
from tests.support.pictures import flag
from tests.web.test_openapi_answers import assert_as_documented

ACCOUNT = {"email": "linus@example.com", "password": PASSWORD}


async def test_sign_up_and_sign_in_answer_as_documented(
    document: Json, client: Client, pg: asyncpg.Connection
) -> None:
    async def call(path: str, status: int, **options: Any) -> ClientResponse:
        response = await client.post(path, **options)
        assert response.status == status, await response.text()
        await assert_as_documented(document, f"POST {path}", response)
        return response

    await call("/api/auth/register", 201, json=ACCOUNT)
    await call("/api/auth/register", 422, json=ACCOUNT | {"password": "short"})
    await call("/api/auth/login", 403, json=ACCOUNT)
    await pg.execute("UPDATE users SET confirmed = true")
    tokens = await (await call("/api/auth/login", 200, json=ACCOUNT)).json()
    form = FormData({"username": ACCOUNT["email"], "password": PASSWORD, "grant_type": "password"})
    await call("/api/auth/login", 200, data=form)
    await call("/api/auth/refresh", 200, json={"refresh_token": tokens["refresh_token"]})
    await call("/api/auth/refresh", 401, json={"refresh_token": tokens["access_token"]})


async def test_a_wrong_password_is_answered_as_documented(document: Json, client: Client) -> None:
    response = await client.post("/api/auth/login", json=ACCOUNT)

    assert response.status == 401
    await assert_as_documented(document, "POST /api/auth/login", response)


async def test_a_taken_email_is_answered_as_documented(
    document: Json, make_client: MakeClient, grace: Person
) -> None:
    client = await make_client(registration_reveals_taken_email=True)

    response = await client.post(
        "/api/auth/register", json={"email": grace.email, "password": PASSWORD}
    )

    assert response.status == 409
    await assert_as_documented(document, "POST /api/auth/register", response)


async def test_avatars_are_answered_as_documented(
    document: Json, grace: Person, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET role = 'admin'")

    async def call(method: str, path: str, status: int, **options: Any) -> None:
        response = await grace.request(method, path.format(name="x"), **options)
        assert response.status == status, await response.text()
        await assert_as_documented(document, f"{method} {path}", response)

    form = {"file": BytesIO(flag())}
    await call("PATCH", "/api/users/avatar", 200, data=form)
    await call("PATCH", "/api/users/avatar", 415, json={})
    await call("PATCH", "/api/users/avatar", 422, data={"file": BytesIO(b"no picture")})
    await call("DELETE", "/api/users/avatar", 200)
    await call("GET", "/api/avatars/{name}", 404)


async def test_a_missing_token_is_answered_as_documented(document: Json, client: Client) -> None:
    response = await client.get("/api/users/me")

    assert response.status == 401
    await assert_as_documented(document, "GET /api/users/me", response)
