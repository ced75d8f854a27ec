"""The cached current user, seen through HTTP."""

import asyncpg
import pytest

from tests.conftest import MakePerson, Person, problem
from tests.support.work import statements_of_requests


async def test_a_miss_takes_one_statement_and_a_hit_none(grace: Person) -> None:
    with statements_of_requests() as on_miss:
        assert (await grace.get("/api/users/me")).status == 200
    with statements_of_requests() as on_hit:
        assert (await grace.get("/api/users/me")).status == 200

    assert len(on_miss) == 1
    assert on_hit == []


async def test_a_read_takes_one_statement(grace: Person) -> None:
    contact = await grace.add_contact()
    for path in ("/api/contacts/", f"/api/contacts/{contact['id']}", "/api/contacts/birthdays"):
        with statements_of_requests() as sent:
            assert (await grace.get(path)).status == 200
        assert len(sent) == 1, path


async def test_ones_own_change_is_seen_at_once(grace: Person) -> None:
    await grace.get("/api/users/me")

    await grace.patch("/api/users/me", json={"name": "Rear Admiral"})

    response = await grace.get("/api/users/me")
    assert (await response.json())["name"] == "Rear Admiral"


async def test_people_are_kept_apart(make_person: MakePerson) -> None:
    grace, ada = await make_person(), await make_person("ada@example.com", "Ada")
    for _ in range(2):
        for person in (grace, ada):
            response = await person.get("/api/users/me")
            assert (await response.json())["email"] == person.email


async def test_a_deleted_account_is_refused(grace: Person, pg: asyncpg.Connection) -> None:
    await pg.execute("DELETE FROM users")

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")


@pytest.mark.parametrize("path", ["/api/auth/login", "/livez"])
async def test_a_public_route_ignores_a_wrong_token(grace: Person, path: str) -> None:
    headers = {"Authorization": "Bearer nonsense"}
    method = "POST" if path.endswith("login") else "GET"
    body = {"email": grace.email, "password": "wrong"} if method == "POST" else None

    response = await grace.client.request(method, path, json=body, headers=headers)

    assert response.status == (401 if body else 200)
    if body:
        await problem(response, 401, "invalid_credentials")
