"""What happens to those who are signed in when Redis dies and comes back."""

import pytest
from redis import Redis

from tests.conftest import PATIENT, Client, MakeClient, Person, problem
from tests.support.clocks import BreakerClock
from tests.support.redis_server import RedisServer

pytestmark = pytest.mark.outage


@pytest.fixture
async def client(make_client: MakeClient, redis_server: RedisServer) -> Client:
    # It refuses at once when it is dead, so nobody need be in a hurry.
    return await make_client(redis_url=redis_server.url, **PATIENT)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> BreakerClock:
    return BreakerClock(monkeypatch)


async def _status(person: Person, path: str = "/api/users/me") -> int:
    return (await person.get(path)).status


async def test_the_service_goes_on_without_redis(
    grace: Person, client: Client, redis_server: RedisServer
) -> None:
    assert await _status(grace) == 200
    redis_server.kill()

    assert await _status(grace) == 200
    assert (await grace.patch("/api/users/me", json={"name": "Admiral"})).status == 200
    me = await (await grace.get("/api/users/me")).json()
    assert me["name"] == "Admiral"
    await grace.add_contact()

    health = await client.get("/api/healthchecker")
    assert health.status == 200
    body = await health.json()
    assert (body["status"], body["checks"]["cache"]) == ("degraded", "away")


async def test_nobody_gets_in_while_redis_is_away(grace: Person, redis_server: RedisServer) -> None:
    await grace.get("/api/users/me")
    redis_server.kill()

    assert (await grace.post("/api/auth/logout")).status == 204

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")


async def test_a_change_made_without_redis_counts_when_it_is_back(
    grace: Person, redis_server: RedisServer, clock: BreakerClock
) -> None:
    """Redis is only unreachable: it keeps the copy that the change could not drop."""
    await grace.get("/api/users/me")
    with Redis.from_url(redis_server.url) as redis:
        kept = {key: redis.dump(key) for key in redis.scan_iter()}
        assert kept
        redis_server.kill()
        assert (await grace.patch("/api/users/me", json={"name": "Admiral"})).status == 200
        assert (await grace.post("/api/auth/logout")).status == 204
        redis_server.start()
        for key, value in kept.items():
            redis.restore(key, 60_000, value)

        clock.close_breakers()
        await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
        await grace.sign_in()
        me = await (await grace.get("/api/users/me")).json()

    assert me["name"] == "Admiral"


async def test_a_restarted_redis_is_used_again(
    grace: Person, redis_server: RedisServer, clock: BreakerClock
) -> None:
    redis_server.kill()
    assert await _status(grace) == 200
    redis_server.start()
    with Redis.from_url(redis_server.url) as redis:
        assert await _status(grace) == 200
        assert not redis.exists("user:{1}"), "it is not asked for a while"
        clock.close_breakers()

        assert await _status(grace) == 200

        assert redis.exists("user:{1}")
