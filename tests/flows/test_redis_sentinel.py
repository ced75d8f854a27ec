"""A primary that dies or steps down is followed to the next one: slower meanwhile, never wrong."""

import asyncio
from collections.abc import Iterator

import pytest
from redis import Redis

from tests.conftest import Client, MakeClient, Person, problem
from tests.support.outages import BACK, until, within
from tests.support.redis_sentinel import RedisSentinel
from tests.support.redis_server import REDIS_SERVER
from tests.support.scrapes import scrape

pytestmark = pytest.mark.outage

SLOWER = 2.0
"""Seconds that a call may take at the most while Redis does not answer."""


@pytest.fixture
def sentinel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisSentinel]:
    """A primary and its replica."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    sentinel = RedisSentinel(tmp_path_factory.mktemp("sentinel"))
    yield sentinel
    sentinel.kill()


@pytest.fixture
async def client(make_client: MakeClient, sentinel: RedisSentinel) -> Client:
    return await make_client(redis_url=sentinel.url)


@pytest.fixture
async def signed_out(grace: Person) -> Person:
    """A second session of hers, which was in the cache and has ended."""
    session = Person(grace.client, grace.email)
    await session.sign_in()
    assert (await session.get("/api/users/me")).status == 200
    assert (await session.post("/api/auth/logout")).status == 204
    return session


def _revoked(redis: Redis) -> bool:
    """Return whether a session is marked as ended there."""
    return any(redis.get(key) == b"revoked" for key in redis.scan_iter("user:{1}:session:*"))


async def _hits(client: Client) -> float:
    return (await scrape(client)).value("user_cache_requests_total", result="hit")


async def _is_ok(client: Client) -> bool:
    async with client.get("/api/healthchecker") as response:
        return bool((await response.json())["checks"]["cache"] == "ok")


async def test_a_dead_primary_is_replaced(
    grace: Person, signed_out: Person, client: Client, sentinel: RedisSentinel
) -> None:
    with Redis.from_url(sentinel.replica.url) as replica:
        await until(lambda: asyncio.to_thread(_revoked, replica))
    sentinel.primary.kill()
    promotion = asyncio.create_task(asyncio.to_thread(sentinel.wait_for_promotion))
    number = 0
    while not promotion.done():
        number += 1
        async with within(SLOWER, "without a primary"):
            body = {"name": f"Admiral {number}"}
            assert (await grace.patch("/api/users/me", json=body)).status == 200
            assert (await (await grace.get("/api/users/me")).json())["name"] == body["name"]
        await problem(await signed_out.get("/api/users/me"), 401, "unauthenticated")
    assert number > 1

    async with within(BACK, "the next primary is used"), asyncio.timeout(BACK):
        await until(lambda: _is_ok(client))
        hits = await _hits(client)
        while await _hits(client) == hits:
            assert (await grace.get("/api/users/me")).status == 200
    assert (await (await grace.get("/api/users/me")).json())["name"] == body["name"]
    await problem(await signed_out.get("/api/users/me"), 401, "unauthenticated")


async def test_a_primary_that_steps_down_is_left(
    grace: Person, client: Client, sentinel: RedisSentinel
) -> None:
    """It goes on as a replica that may be read, but not written to."""
    session = Person(client, grace.email)
    await session.sign_in()
    for person in (grace, session):
        assert (await person.get("/api/users/me")).status == 200
    await asyncio.to_thread(sentinel.change_over)

    assert (await session.post("/api/auth/logout")).status == 204

    await problem(await session.get("/api/users/me"), 401, "unauthenticated")
    assert (await grace.get("/api/users/me")).status == 200
    with Redis.from_url(sentinel.replica.url) as primary:
        async with within(BACK, "the next primary is told"), asyncio.timeout(BACK):
            while not _revoked(primary):
                await problem(await session.get("/api/users/me"), 401, "unauthenticated")
