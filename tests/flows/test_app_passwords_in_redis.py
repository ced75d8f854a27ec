"""App passwords in several processes at one Redis, which may be away."""

import asyncpg
import pytest
from redis import Redis

from tests.conftest import PATIENT, Client, MakeClient, MakePerson, Person, problem
from tests.support.app_passwords import add_app_password, bearer
from tests.support.cache_leases import lasting_lease
from tests.support.clocks import BreakerClock
from tests.support.redis_server import RedisServer
from tests.support.round_trips import Sent

pytestmark = [pytest.mark.outage, pytest.mark.process]

PATH = "/api/tags/"
REVOKE = "/api/users/me/app_passwords/1"


@pytest.fixture
async def client(make_client: MakeClient, redis_server: RedisServer) -> Client:
    return await make_client(redis_url=redis_server.url, **PATIENT)


@pytest.fixture
async def other(make_client: MakeClient, redis_server: RedisServer) -> Client:
    """Another process, as far as what is remembered goes."""
    return await make_client(redis_url=redis_server.url, **PATIENT)


@pytest.fixture
async def password(grace: Person, pg: asyncpg.Connection) -> str:
    return await add_app_password(pg)


async def status(client: Client, password: str) -> int:
    return (await client.get(PATH, headers=bearer(password))).status


async def is_refused(client: Client, password: str) -> None:
    await problem(await client.get(PATH, headers=bearer(password)), 401, "unauthenticated")


async def test_a_request_takes_one_round_trip(
    client: Client, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lasting_lease(client, 1):
        for _ in range(3):
            assert await status(client, password) == 200
        sent = Sent(monkeypatch)

        assert await status(client, password) == 200

    [trip] = sent.trips
    assert b"MGET" in trip


async def test_what_one_process_revokes_ends_in_the_other(
    grace: Person, client: Client, other: Client, password: str
) -> None:
    for each in (client, other) * 3:
        assert await status(each, password) == 200

    assert (await grace.delete(REVOKE)).status == 204

    await is_refused(client, password)
    await is_refused(other, password)


async def test_without_redis_it_is_read_from_postgresql(
    grace: Person, client: Client, password: str, redis_server: RedisServer
) -> None:
    assert await status(client, password) == 200
    redis_server.kill()

    assert await status(client, password) == 200
    assert (await grace.delete(REVOKE)).status == 204
    await is_refused(client, password)


async def test_what_was_revoked_without_redis_stays_revoked(
    grace: Person,
    client: Client,
    password: str,
    redis_server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Redis is only unreachable: it keeps the mark that says live."""
    clock = BreakerClock(monkeypatch)
    for _ in range(3):
        assert await status(client, password) == 200
    with Redis.from_url(redis_server.url) as redis:
        kept = {key: redis.dump(key) for key in redis.scan_iter()}
        redis_server.kill()
        assert (await grace.delete(REVOKE)).status == 204
        redis_server.start()
        for key, value in kept.items():
            redis.restore(key, 60_000, value)

        clock.close_breakers()
        await is_refused(client, password)


async def test_both_apps_know_their_users_apart(
    make_person: MakePerson, client: Client, password: str, pg: asyncpg.Connection
) -> None:
    bob = await make_person("bob@example.com", client=client)
    await bob.add_contact(tags=["theirs"])
    of_bob = await add_app_password(pg, 2)

    for _ in range(2):
        for each, tags in ((password, []), (of_bob, [{"name": "theirs", "contacts": 1}])):
            response = await client.get(PATH, headers=bearer(each))
            assert (await response.json())["items"] == tags
