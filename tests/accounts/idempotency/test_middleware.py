"""A request that is sent again with its key is answered as the first was, and done once."""

from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.idempotency import repository
from tests.accounts.idempotency.support import ADA, COUNT, KEPT, KEYS, PATH, add, replayed
from tests.conftest import MakeClient, MakePerson, Person, pointers, problem
from tests.support.app_passwords import add_app_password


async def test_the_first_answer_is_given_again(grace: Person, pg: asyncpg.Connection) -> None:
    first, second = await add(grace), await add(grace)

    assert (first.status, second.status) == (201, 201)
    assert (replayed(first), replayed(second)) == (False, True)
    assert await first.read() == await second.read()
    assert [first.headers[name] for name in KEPT] == [second.headers[name] for name in KEPT]
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    contact = await first.json()
    changed = await grace.patch(f"{PATH}{contact['id']}", json={"first_name": "Bob"})
    assert changed.status == 200
    without_slash = await grace.post(PATH[:-1], json=ADA, headers={"Idempotency-Key": "k"})
    assert await without_slash.json() == contact
    assert await pg.fetchval(COUNT) == 1
    await add(grace, "another-key")
    assert await pg.fetchval(COUNT) == 2


async def test_without_a_key_nothing_is_kept(grace: Person, pg: asyncpg.Connection) -> None:
    for _ in range(2):
        response = await grace.post(PATH, json=ADA)
        assert (response.status, replayed(response)) == (201, False)
    assert (await pg.fetchval(COUNT), await pg.fetch(KEYS)) == (2, [])


async def test_a_key_is_for_one_request_of_one_user(
    grace: Person, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    ada = await make_person("ada@example.com")
    assert (await add(grace)).status == 201

    await problem(await add(grace, first_name="Bob"), 422, "idempotency_key_reused")
    assert (await add(ada, first_name="Bob")).status == 201
    assert await pg.fetchval(COUNT) == 2
    for text in ("k", "Ünïcode", "Bob"):
        assert text not in {row["id"] for row in await pg.fetch(KEYS)}


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "é", "a\tb"])
async def test_a_key_is_visible_text(grace: Person, key: str, pg: asyncpg.Connection) -> None:
    assert await pointers(await add(grace, key)) == {"/Idempotency-Key"}
    assert await pg.fetchval(COUNT) == 0


async def test_of_keys_there_is_one_and_it_may_be_long(grace: Person) -> None:
    headers = [*grace.headers.items(), *[("Idempotency-Key", "k")] * 2]
    response = await grace.client.post(PATH, json=ADA, headers=headers)
    assert await pointers(response) == {"/Idempotency-Key"}
    for key in ("x" * 255, '"8e03978e-40d5-43e8-bc93-6894a57f9324"', "!"):
        assert [(await add(grace, key)).status for _ in range(2)] == [201, 201]


async def test_what_takes_no_key_ignores_it(grace: Person) -> None:
    contact = await grace.add_contact()
    path, headers = f"{PATH}{contact['id']}", {"Idempotency-Key": "not a key"}
    for name in ("Ada", "Bob"):
        response = await grace.patch(path, json={"first_name": name}, headers=headers)
        assert (response.status, replayed(response)) == (200, False)
        assert (await response.json())["first_name"] == name


async def test_how_things_stood_is_told_again(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    grace = await make_person(client=await make_client(max_contacts=1))
    contact = await grace.add_contact()
    refused = await add(grace)
    body = await problem(refused, 409, "quota_exceeded")
    assert (await grace.delete(f"{PATH}{contact['id']}")).status == 204

    again = await add(grace)

    assert (again.status, replayed(again)) == (409, True)
    assert again.content_type == "application/problem+json"
    assert await again.json(content_type=None) == body
    assert (await add(grace, "a-new-key")).status == 201


async def test_a_uid_that_is_taken_stays_taken(grace: Person, pg: asyncpg.Connection) -> None:
    first, again = [await add(grace, **ADA, uid="u1") for _ in range(2)]
    assert (first.status, again.status, replayed(again)) == (201, 201, True)

    refused, again = [await add(grace, "other", **ADA, uid="u1") for _ in range(2)]

    body = await problem(refused, 409, "conflict")
    assert await again.json(content_type=None) == body
    assert (again.status, replayed(again)) == (409, True)
    assert await pg.fetchval(COUNT) == 1


@pytest.mark.parametrize("wrong", [{"first_name": 7}, {"notes": "nobody"}, {"other": ""}])
async def test_what_is_no_request_leaves_the_key_to_a_better_one(
    grace: Person, wrong: dict[str, Any]
) -> None:
    assert await pointers(await add(grace, **wrong))
    good = await add(grace)
    assert (good.status, replayed(good)) == (201, False)


async def test_a_user_has_so_many_keys(
    grace: Person, monkeypatch: pytest.MonkeyPatch, pg: asyncpg.Connection
) -> None:
    monkeypatch.setattr(repository, "MAX_KEYS", 2)
    assert [(await add(grace, key)).status for key in "ab"] == [201, 201]

    refused = await add(grace, "c")

    await problem(refused, 429, "rate_limited")
    assert int(refused.headers["Retry-After"]) > repository.TTL - 600
    assert refused.headers["RateLimit-Policy"] == '"idempotency-keys";q=2;w=86400'
    assert replayed(await add(grace, "a"))
    assert (await grace.post(PATH, json=ADA)).status == 201
    assert await pg.fetchval(COUNT) == 3


async def test_programs_have_the_keys_of_their_user(grace: Person, pg: asyncpg.Connection) -> None:
    secret = await add_app_password(pg, await pg.fetchval("SELECT id FROM users"))
    assert (await add(grace)).status == 201
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"}
    response = await grace.client.post(PATH, json=ADA, headers=headers)
    assert (response.status, replayed(response)) == (201, True)
