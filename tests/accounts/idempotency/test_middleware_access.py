"""A kept answer is for whoever may make the request, as often as they may make it."""

import asyncpg
import pytest

from tests.accounts.idempotency.support import ADA, COUNT, PATH, add, replayed
from tests.conftest import Client, MakeClient, MakePerson, Person, problem
from tests.support.app_passwords import add_app_password, bearer

AGAIN = {"Idempotency-Key": "k"}


async def again(client: Client, headers: dict[str, str], status: int, code: str) -> None:
    """Send the request of ``add`` once more, and assert that it is refused without its answer."""
    response = await client.post(PATH, json=ADA, headers=headers | AGAIN)
    assert not replayed(response)
    await problem(response, status, code)


async def test_a_kept_answer_is_for_those_alone_who_may_make_the_request(
    grace: Person, pg: asyncpg.Connection
) -> None:
    assert (await add(grace)).status == 201
    user_id = await pg.fetchval("SELECT id FROM users")
    reading = await add_app_password(pg, user_id, scope="read")

    await again(grace.client, {}, 401, "unauthenticated")
    await again(grace.client, bearer("x"), 401, "unauthenticated")
    await again(grace.client, bearer(reading), 403, "forbidden")
    assert replayed(await add(grace))
    assert (await grace.post("/api/auth/logout")).status == 204
    await again(grace.client, grace.headers, 401, "unauthenticated")
    assert await pg.fetchval(COUNT) == 1


@pytest.mark.parametrize("key", ["k", "another"])
async def test_an_answer_that_is_given_again_counts_as_a_request(
    make_client: MakeClient, make_person: MakePerson, key: str
) -> None:
    grace = await make_person(client=await make_client(user_limit="2/hour"))
    assert (await add(grace)).status == 201
    second = await add(grace, key)
    assert (second.status, replayed(second)) == (201, key == "k")
    await again(grace.client, grace.headers, 429, "rate_limited")
