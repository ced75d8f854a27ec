"""The attack matrix: flows in which services of this kind have been seen to fail."""

import asyncio
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse

from contactsvc.assembly import services_of
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, problem
from tests.support.forgery import forge, long_ago
from tests.support.redis_server import RedisServer
from tests.support.waiting import until
from tests.support.work import statements_of_requests


@pytest.fixture
def owner(grace: Person) -> Person:
    """Whose account it is."""
    return grace


async def login(client: Client, email: str, password: str = PASSWORD) -> ClientResponse:
    body = {"email": email, "password": password}
    return await client.post("/api/auth/login", json=body)


# Sessions, caches and connections


async def test_a_cached_user_does_not_make_an_expired_token_good(
    grace: Person, settings: Settings
) -> None:
    for _ in range(2):
        assert (await grace.get("/api/users/me")).status == 200  # the second from the cache

    grace.tokens["access_token"] = forge(
        grace.tokens["access_token"], settings.secret_key, exp=long_ago()
    )

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")


async def test_sign_ins_of_one_second_are_different_sessions(grace: Person) -> None:
    answers = await asyncio.gather(*(login(grace.client, grace.email) for _ in range(8)))
    pairs = [await answer.json() for answer in answers]

    for kind in ("access_token", "refresh_token"):
        assert len({pair[kind] for pair in pairs}) == len(pairs)
    first, *others = [Person(grace.client, grace.email, pair) for pair in pairs]
    sessions = (await (await first.get("/api/users/me/sessions")).json())["items"]
    assert len({session["id"] for session in sessions}) == len(pairs) + 1
    assert (await first.post("/api/auth/logout")).status == 204
    assert (await first.get("/api/users/me")).status == 401
    assert {(await other.get("/api/users/me")).status for other in others} == {200}


async def test_people_are_not_mixed_up_under_load(make_person: MakePerson) -> None:
    """A cache key without the user in it gives one the other's answers."""
    people = [await make_person(f"person{n}@example.com", f"Person {n}") for n in range(3)]

    async def me(person: Person) -> tuple[str, str]:
        return person.email, (await (await person.get("/api/users/me")).json())["email"]

    for asked, answered in await asyncio.gather(*(me(person) for person in people * 20)):
        assert asked == answered


async def test_no_request_closes_redis_for_the_others(
    make_client: MakeClient,
    grace: Person,
    redis_server: RedisServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """32 connections at a time: good calls, refused ones, and ones that are given up."""
    person = Person(await make_client(redis_url=redis_server.url), grace.email, grace.tokens)
    commands: Any = services_of(person.client.app).cache._commands

    def waiting_for_redis() -> int:
        """Return how many have asked Redis, on the connection that they share."""
        line = commands._line
        return sum(not asked.answer.done() for asked in line._asked) if line else 0

    async def status(path: str) -> int:
        return (await person.get(path)).status

    assert await status("/api/users/me") == 200  # which connects to Redis
    for _ in range(3):
        with redis_server.standing_still():
            given_up, kept = [
                [asyncio.create_task(status("/api/users/me")) for _ in range(8)] for _ in range(2)
            ]
            await until(lambda: waiting_for_redis() == 16)
            for call in given_up:
                call.cancel()
            await until(lambda: waiting_for_redis() == 8)  # the service has noticed
        others = [status(path) for path in ("/nowhere", "/api/contacts/x") * 8]
        assert set(await asyncio.gather(*kept)) == {200}
        assert set(await asyncio.gather(*others)) == {404, 422}
        assert all(call.cancelled() for call in given_up)

    assert not [r for r in caplog.records if "Redis" in r.getMessage()]

    async def all_come_from_the_cache() -> bool:
        with statements_of_requests() as statements:
            everybody = await asyncio.gather(*(status("/api/users/me") for _ in range(32)))
        assert set(everybody) == {200}
        return not statements

    await until(all_come_from_the_cache)  # as soon as this process has a lease on it again


@pytest.mark.own_app
async def test_redis_holds_no_hash_pickle_or_token(owner: Person, pg: asyncpg.Connection) -> None:
    await login(owner.client, owner.email, "not the password")
    await owner.get("/api/users/me")
    cache = services_of(owner.client.server.app).cache  # type: ignore[attr-defined]
    redis: Any = cache._redis

    found: dict[bytes, bytes] = {key: await redis.get(key) async for key in redis.scan_iter()}

    assert found, "nothing was cached"
    secret = (await pg.fetchval("SELECT password_hash FROM users")).encode()
    digest = secret.rpartition(b"$")[2]
    run_id = cache.run_id(1) or b""
    for key, value in found.items():
        for text in (key, value):
            assert digest not in text
            assert b"argon2" not in text
            assert b"eyJ" not in text, "looks like a JWT"
        # A number, a mark or JSON; no pickle begins so.
        value = value.removeprefix(b"live:").removeprefix(run_id)
        assert value[:1].isdigit() or value in (b"", b"revoked") or value[:1] == b"{", key


# Limits


async def test_what_a_client_forwards_passes_no_limit_behind_a_proxy(
    make_client: MakeClient,
) -> None:
    """The proxy has written its client at the right end; what stands left of it is anybody's."""
    changes = {"login_limit_per_address": "3/hour", "trusted_proxies": ("127.0.0.1",)}
    client = await make_client(**changes)

    async def guess(number: int) -> int:
        claimed = f"192.0.2.{number}"
        headers = {
            "X-Forwarded-For": f"{claimed}, 198.51.100.7",
            "X-Real-IP": claimed,
            "Forwarded": f"for={claimed}",
        }
        body = {"email": f"victim{number}@example.com", "password": "a guess"}
        return (await client.post("/api/auth/login", json=body, headers=headers)).status

    assert [await guess(number) for number in range(5)] == [401] * 3 + [429] * 2


async def test_many_addresses_together_pass_no_limit_of_one_account(
    make_client: MakeClient,
) -> None:
    changes = {"login_limit_per_account": "3/hour", "trusted_proxies": ("127.0.0.1",)}
    client = await make_client(**changes)
    body = {"email": "victim@example.com", "password": "a guess"}

    async def guess(number: int) -> int:
        headers = {"X-Forwarded-For": f"192.0.2.{number}"}
        return (await client.post("/api/auth/login", json=body, headers=headers)).status

    assert [await guess(number) for number in range(5)] == [401] * 3 + [429] * 2
