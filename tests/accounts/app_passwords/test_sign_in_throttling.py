"""Failed attempts are counted, apart from those to sign in as people do; others are not."""

import asyncpg
import pytest

from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, problem
from tests.support.app_passwords import add_app_password, basic, bearer
from tests.support.work import statements_of_requests

GRACE = "grace@example.com"
LONG = "3/5minutes"
"""A limit whose window does not end while a test runs."""


async def statuses(
    client: Client, tries: int, email: str = GRACE, typed: str = "wrong"
) -> list[int]:
    headers = basic(email, typed)
    return [(await client.get("/basic/", headers=headers)).status for _ in range(tries)]


@pytest.mark.parametrize("spelling", [GRACE, "Grace@Example.COM", "nobody@example.com"])
async def test_an_account_may_be_tried_so_often(make_client: MakeClient, spelling: str) -> None:
    client = await make_client(login_limit_per_account=LONG)

    assert await statuses(client, 5, spelling) == [401] * 3 + [429] * 2

    assert await statuses(client, 1, "ada@example.com") == [401]
    response = await client.get("/basic/", headers=basic(spelling, "wrong"))
    await problem(response, 429, "rate_limited")
    assert response.headers["RateLimit"].startswith('"app-password-account"')


async def test_an_address_may_try_so_often(make_client: MakeClient) -> None:
    client = await make_client(login_limit_per_address=LONG)
    tries = [await statuses(client, 1, f"{number}@example.com") for number in range(4)]

    assert tries == [[401], [401], [401], [429]]


async def test_a_sync_is_not_counted(
    make_client: MakeClient, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    client = await make_client(login_limit_per_account=LONG, login_limit_per_address=LONG)
    await make_person(GRACE, client=client)
    password = await add_app_password(pg)

    assert await statuses(client, 20, typed=password) == [200] * 20
    assert await statuses(client, 1) == [401]


async def test_whoever_is_in_stays_in_while_others_guess(
    make_client: MakeClient, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    """A forgotten phone of hers does not lock her out, neither here nor from her account."""
    client = await make_client(login_limit_per_account=LONG, login_limit_per_address="5/5minutes")
    grace = await make_person(GRACE, client=client)
    password = await add_app_password(pg)
    assert await statuses(client, 1, typed=password) == [200]

    assert 429 in await statuses(client, 8)

    assert await statuses(client, 1, typed=password) == [200]
    await grace.sign_in()


async def test_where_too_many_have_failed_nobody_new_is_looked_up(
    make_client: MakeClient, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    client = await make_client(login_limit_per_address=LONG)
    await make_person(GRACE, client=client)
    password = await add_app_password(pg)
    await statuses(client, 3)

    with statements_of_requests() as sent:
        assert await statuses(client, 1, typed=password) == [429]

    assert sent == []


async def test_without_credentials_nothing_is_counted(make_client: MakeClient) -> None:
    """Clients ask without them first."""
    client = await make_client(login_limit_per_account=LONG, login_limit_per_address=LONG)

    assert [(await client.get("/basic/")).status for _ in range(6)] == [401] * 6
    for headers in ({"Authorization": "Basic !"}, bearer("nonsense")):
        tries = [(await client.get("/api/tags/", headers=headers)).status for _ in range(6)]
        assert tries == [401] * 6
    assert await statuses(client, 1) == [401]


async def test_bearer_tokens_are_counted_too(
    make_client: MakeClient, pg: asyncpg.Connection, make_person: MakePerson
) -> None:
    client = await make_client(login_limit_per_account=LONG)
    await make_person(GRACE, client=client)
    password = await add_app_password(pg)
    await pg.execute("DELETE FROM app_passwords")

    tries = [(await client.get("/api/tags/", headers=bearer(password))).status for _ in range(5)]
    assert tries == [401] * 3 + [429] * 2


async def test_syncs_have_a_limit_of_their_own(
    make_client: MakeClient, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    client = await make_client(sync_limit="4/hour", user_limit="2/hour")
    await make_person(GRACE, client=client)
    password = await add_app_password(pg)

    assert await statuses(client, 6, typed=password) == [200] * 4 + [429] * 2
    tries = [(await client.get("/api/tags/", headers=bearer(password))).status for _ in range(3)]
    assert tries == [200] * 2 + [429]


async def test_a_failed_attempt_is_in_the_audit_log(grace: Person, pg: asyncpg.Connection) -> None:
    await statuses(grace.client, 1, typed=PASSWORD)

    row = await pg.fetchrow("SELECT * FROM audit_events ORDER BY id DESC LIMIT 1")
    assert (row["event"], row["user_id"], row["ip"]) == ("authn_login_fail", None, "127.0.0.1")
    assert row["data"] == '{"reason": "app_password"}'
