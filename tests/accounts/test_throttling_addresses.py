"""Tries are counted by the address that they come from, which nobody can choose for himself."""

import asyncpg

from tests.accounts.test_throttling_limits import GRACE, LONG, limited, login, statuses
from tests.conftest import PASSWORD, MakeClient, MakePerson


async def test_one_address_may_try_so_often(make_client: MakeClient) -> None:
    client = await make_client(login_limit_per_address=LONG)
    for number in range(3):
        assert await statuses(client, 1, f"{number}@example.com") == [401]
    await limited(await login(client), "login-address", limit=3, window=300)


async def test_a_stranger_cannot_choose_his_address(make_client: MakeClient) -> None:
    client = await make_client(login_limit_per_address=LONG)
    forwarded = [{"X-Forwarded-For": f"198.51.100.{number}"} for number in range(5)]
    answers = [await login(client, f"{i}@example.com", **h) for i, h in enumerate(forwarded)]
    assert [answer.status for answer in answers] == [401] * 3 + [429] * 2


async def test_behind_a_trusted_proxy_each_client_counts_alone(make_client: MakeClient) -> None:
    client = await make_client(
        login_limit_per_address="1/5minutes", trusted_proxies=("127.0.0.0/8",)
    )

    async def tries(*chains: str) -> list[int]:
        return [(await login(client, **{"X-Forwarded-For": chain})).status for chain in chains]

    assert await tries("198.51.100.1", "198.51.100.2") == [401, 401]
    # Whatever a client has made up stands to the left of what the proxy has seen.
    assert await tries("203.0.113.1, 198.51.100.1", "203.0.113.2, 198.51.100.1") == [429, 429]
    # One subscriber has all addresses of a /64.
    assert await tries("2001:db8::1", "2001:db8::2", "2001:db8:0:1::1") == [401, 429, 401]


async def test_a_session_remembers_the_address_behind_the_proxy(
    make_client: MakeClient, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    client = await make_client(trusted_proxies=("127.0.0.1",))
    await make_person(GRACE, client=client)
    headers = {"X-Forwarded-For": "203.0.113.1, 198.51.100.7:4711", "User-Agent": "curl/8"}
    assert (await login(client, password=PASSWORD, **headers)).status == 200

    row = await pg.fetchrow("SELECT ip, user_agent FROM sessions ORDER BY created_at DESC LIMIT 1")

    assert tuple(row) == ("198.51.100.7", "curl/8")
