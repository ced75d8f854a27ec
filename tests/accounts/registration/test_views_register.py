"""Registration: the same answer for a free and a taken e-mail."""

import asyncio
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse

from tests.conftest import PASSWORD, Client, MakeClient, pointers, problem
from tests.support.answers import same

ACCOUNT = {"email": "grace@example.com", "password": PASSWORD, "name": "Grace Hopper"}
SAME_ID = {"X-Request-ID": "one-and-the-same"}
"""Sent along, so that two answers that should not differ are equal to the byte."""


async def register(client: Client, **changes: Any) -> ClientResponse:
    return await client.post("/api/auth/register", json=ACCOUNT | changes, headers=SAME_ID)


async def test_registering(client: Client, pg: asyncpg.Connection) -> None:
    response = await register(client)

    assert response.status == 201
    assert await response.json() == {
        "email": "grace@example.com",
        "name": "Grace Hopper",
        "confirmed": False,
    }
    user = await pg.fetchrow("SELECT * FROM users")
    assert (user["role"], user["confirmed"], user["is_active"]) == ("user", False, True)
    assert PASSWORD not in user["password_hash"]


async def test_a_name_is_not_needed_to_register(client: Client) -> None:
    body = {"email": "grace@example.com", "password": PASSWORD}

    response = await client.post("/api/auth/register", json=body)

    assert response.status == 201
    assert (await response.json())["name"] == ""


async def test_a_taken_email_gets_the_very_same_answer(
    client: Client, pg: asyncpg.Connection
) -> None:
    first = await register(client)
    before = await pg.fetch("SELECT * FROM users")

    second = await register(client, password="somebody else's password")

    assert same(first, second)
    assert await first.read() == await second.read()
    assert await pg.fetch("SELECT * FROM users") == before


async def test_a_taken_email_in_another_case_is_answered_as_a_free_one(
    client: Client, pg: asyncpg.Connection
) -> None:
    await register(client)

    response = await register(client, email="GRACE@example.com", name="Mallory")

    assert response.status == 201
    assert await response.json() == {
        "email": "GRACE@example.com",
        "name": "Mallory",
        "confirmed": False,
    }
    assert await pg.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize("email", ["grace@example.com", "GRACE@EXAMPLE.COM"])
async def test_a_taken_email_is_revealed_where_it_is_set_so(
    make_client: MakeClient, pg: asyncpg.Connection, email: str
) -> None:
    client = await make_client(registration_reveals_taken_email=True)
    assert (await register(client)).status == 201
    assert (await register(client, email=email)).status == 201, "nobody has confirmed it"
    await pg.execute("UPDATE users SET confirmed = true")

    await problem(await register(client, email=email), 409, "email_taken")
    assert await pg.fetchval("SELECT count(*) FROM registrations") == 2


async def test_a_short_password_is_refused(client: Client, pg: asyncpg.Connection) -> None:
    assert await pointers(await register(client, password="x" * 11)) == {"/password"}
    assert await pg.fetchval("SELECT count(*) FROM users") == 0


@pytest.mark.parametrize("name", ["x" * 101, "a\nb", "\x1b[31m"])
async def test_a_name_that_does_not_fit_is_refused(client: Client, name: str) -> None:
    assert await pointers(await register(client, name=name)) == {"/name"}


@pytest.mark.parametrize(
    ("field", "value"), [("role", "admin"), ("confirmed", True), ("is_active", True), ("id", 1)]
)
async def test_nobody_registers_with_more_than_is_theirs_to_say(
    client: Client, pg: asyncpg.Connection, field: str, value: object
) -> None:
    assert await pointers(await register(client, **{field: value})) == {f"/{field}"}
    assert await pg.fetchval("SELECT count(*) FROM users") == 0


async def test_twenty_registrations_at_once_make_one_account(
    client: Client, pg: asyncpg.Connection
) -> None:
    spellings = ["grace@example.com", "Grace@example.com", "GRACE@example.com", "gracE@EXAMPLE.com"]

    answers = await asyncio.gather(
        *(register(client, email=spellings[n % len(spellings)]) for n in range(20))
    )

    assert {answer.status for answer in answers} == {201}
    assert await pg.fetchval("SELECT count(*) FROM users") == 1
