"""What Prometheus reads: every number moves when the thing happens, and none tells of anybody."""

import asyncio
import random
import secrets
import string
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest

from contactsvc import __version__
from contactsvc.assembly import services_of
from contactsvc.platform.metrics import HTTP_DURATION
from tests.conftest import PASSWORD, Client, MakeClient, Person, problem
from tests.support.redis_server import RedisServer
from tests.support.samples import samples
from tests.support.scrapes import REQUESTS, Growth, Scrape, scrape, told
from tests.support.waiting import PATIENCE, until

LETTERS = string.ascii_letters + string.digits

pytestmark = pytest.mark.usefixtures("no_requests_yet")


@asynccontextmanager
async def held_up(pg: asyncpg.Connection, person: Person) -> AsyncIterator[None]:
    """Let a request of that person hold a connection and wait for a lock, until this is left."""
    waiters = "SELECT count(*) FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    async with pg.transaction():
        await pg.execute("SELECT FROM users FOR UPDATE")
        writing = asyncio.create_task(person.patch("/api/users/me", json={"name": "Ada"}))
        async with asyncio.timeout(PATIENCE):
            while not await pg.fetchval(waiters):
                await asyncio.sleep(0.01)  # nothing tells that somebody waits
        yield
    assert (await writing).status == 200


async def test_a_scrape(client: Client) -> None:
    response = await client.get("/metrics")

    assert response.status == 200
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert response.headers["Cache-Control"] == "no-store"
    found = Scrape(await response.text())
    assert found.value("contactsvc_build_info", version=__version__) == 1
    assert not [name for name in found.names if name.endswith("_created")]


async def test_head_and_a_trailing_slash_do_as_everywhere(client: Client) -> None:
    assert (await client.get("/metrics/")).status == 200
    head = await client.head("/metrics")
    assert head.status == 200
    assert await head.read() == b""


async def test_requests_are_counted_by_method_route_and_status(grace: Person) -> None:
    contact = await grace.add_contact()
    grown = await Growth.since_now(grace.client)

    for path in (f"/api/contacts/{contact['id']}", "/api/contacts/98765", "/api/contacts/"):
        await grace.get(path)
    await grace.request("HEAD", f"/api/contacts/{contact['id']}/")
    await grace.client.get("/api/contacts/1")
    await grace.client.get("/no/such/path")

    one = "/api/contacts/{contact_id}"
    assert await grown.of(REQUESTS, method="GET", route=one, status=200) == 1
    assert await grown.of(REQUESTS, method="GET", route=one, status=404) == 1
    assert await grown.of(REQUESTS, method="GET", route=one, status=401) == 1
    assert await grown.of(REQUESTS, method="HEAD", route=one, status=200) == 1
    assert await grown.of(REQUESTS, method="GET", route="/api/contacts", status=200) == 1
    assert await grown.of(REQUESTS, method="GET", route="(no route)", status=404) == 1


async def test_requests_under_way_and_connections_in_use(
    grace: Person, pg: asyncpg.Connection
) -> None:
    before = await scrape(grace.client)
    async with held_up(pg, grace):
        waiting = await scrape(grace.client)
        assert waiting.value("db_pool_connections", state="used") >= 1
        assert waiting.value("http_server_active_requests") == 2  # the scrape is one itself

    after = await told(grace.client, lambda s: s.value("db_pool_connections", state="used") == 0)
    assert after.value("http_server_active_requests") == 1
    assert after.value("db_pool_connections", state="idle") >= 1
    assert before.value("db_pool_waiting") == after.value("db_pool_waiting") == 0


@pytest.mark.outage
async def test_a_pool_that_is_used_up(
    make_client: MakeClient,
    grace: Person,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What holds the one connection outlasts whoever waits for it, on any machine.
    monkeypatch.setattr(
        "contactsvc.platform.database.connection.STATEMENT_TIMEOUT", 10.0 * PATIENCE
    )
    client = await make_client(database_pool_size=1, database_timeout=2)
    person = Person(client, grace.email, grace.tokens)

    async def is_answered() -> bool:
        return (await person.get("/api/contacts/")).status == 200

    await until(is_answered)
    grown = await Growth.since_now(person.client)
    async with held_up(pg, person):
        reading = asyncio.create_task(person.get("/api/contacts/"))
        await told(person.client, lambda s: s.value("db_pool_waiting") > 0)
        await problem(await reading, 503, "unavailable")
        assert await grown.of("db_pool_timeouts_total") >= 1
    await told(person.client, lambda s: s.value("db_pool_waiting") == 0)


async def test_the_cache_of_users(
    make_client: MakeClient, grace: Person, redis_server: RedisServer
) -> None:
    person = Person(await make_client(redis_url=redis_server.url), grace.email, grace.tokens)
    grown = await Growth.since_now(person.client)

    async def results() -> list[float]:
        name = "user_cache_requests_total"
        return [await grown.of(name, result=result) for result in ("hit", "miss", "away")]

    await person.get("/api/users/me")
    assert await results() == [0, 1, 0]
    await person.get("/api/users/me")
    assert await results() == [1, 1, 0]
    redis_server.kill()
    await person.get("/api/users/me")
    await person.get("/api/users/me")
    assert await results() == [1, 1, 2]


@pytest.mark.own_app
async def test_password_hashes(grace: Person) -> None:
    grown = await Growth.since_now(grace.client)
    body = {"email": grace.email, "password": PASSWORD}
    threads = services_of(grace.client.app).accounts._passwords._threads
    go_on = threading.Event()
    for _ in range(threads._max_workers):
        threads.submit(go_on.wait)  # so that no hash is ready before it has been seen to wait
    logins = [
        asyncio.create_task(grace.client.post("/api/auth/login", json=body)) for _ in range(20)
    ]

    await told(grace.client, lambda s: s.value("password_hashing_queue") == 20)
    go_on.set()

    assert {login.status for login in await asyncio.gather(*logins)} == {200}
    assert await grown.of("password_hashing_queue") == 0
    assert await grown.of("password_hashing_duration_seconds_count") == 20
    assert await grown.of("password_hashing_duration_seconds_sum") > 0
    assert await grown.of("password_hashing_refused_total") == 0


async def test_sign_ins_that_fail(grace: Person, pg: asyncpg.Connection) -> None:
    grown = await Growth.since_now(grace.client)

    async def sign_in(email: str, password: str = PASSWORD) -> None:
        body = {"email": email, "password": password}
        await grace.client.post("/api/auth/login", json=body)

    await sign_in(grace.email)
    await sign_in(grace.email, "not the password")
    await sign_in("nobody@example.com")
    await pg.execute("UPDATE users SET confirmed = false")
    await sign_in(grace.email)
    await pg.execute("UPDATE users SET is_active = false")
    await sign_in(grace.email)

    name = "login_failures_total"
    assert await grown.of(name, reason="invalid_credentials") == 2
    assert await grown.of(name, reason="email_not_confirmed") == 1
    assert await grown.of(name, reason="account_disabled") == 1
    assert await grown.of(name) == 4


async def test_requests_past_a_limit(make_client: MakeClient, grace: Person) -> None:
    client = await make_client(user_limit="2/hour", login_limit_per_account="1/hour")
    person = Person(client, grace.email, grace.tokens)
    grown = await Growth.since_now(client)

    assert [(await person.get("/api/users/me")).status for _ in range(5)] == [200] * 2 + [429] * 3
    body = {"email": "ada@example.com", "password": PASSWORD}
    statuses = [(await client.post("/api/auth/login", json=body)).status for _ in range(2)]
    assert statuses == [401, 429]

    assert await grown.of("throttled_requests_total", policy="user") == 3
    assert await grown.of("throttled_requests_total", policy="login-account") == 1
    assert await grown.of("throttled_requests_total") == 4


async def test_no_label_tells_of_anybody(
    grace: Person, client: Client, pg: asyncpg.Connection
) -> None:
    canary = "canary" + secrets.token_hex(8)
    contact = await grace.add_contact(first_name=canary, email=f"{canary}@example.com")
    for path in (
        f"/api/contacts/?q={canary}",
        f"/api/contacts/{contact['id']}",
        f"/{canary}",
        f"/api/auth/confirmed_email/{canary}",
        f"/api/avatars/{canary}.png",
    ):
        await grace.get(path, headers={"X-Request-ID": canary, "User-Agent": canary})
    for body in ({"email": f"{canary}@example.com", "password": canary + PASSWORD},):
        await client.post("/api/auth/register", json=body)
        await client.post("/api/auth/login", json=body)
        await client.post("/api/auth/login", json=body | {"password": canary})
    await client.post("/api/auth/refresh", json={"refresh_token": canary})

    text = (await scrape(client)).text

    assert canary not in text
    assert "@" not in text
    assert grace.tokens["access_token"][:20] not in text
    assert f"/api/contacts/{contact['id']}" not in text


async def test_made_up_paths_and_methods_are_one_series(client: Client) -> None:
    async def make_up(number: int) -> None:
        path = "/".join("".join(random.choices(LETTERS, k=5)) for _ in range(3))
        method = ("GET", "LOCK", "PURGE", "SEARCH", "TRACE")[number % 5]
        token = "".join(random.choices(LETTERS, k=40))
        for made_up in (f"/{path}", f"/api/auth/confirmed_email/{token}"):
            async with client.request(method, made_up) as response:
                assert response.status in (400, 404, 405)

    for number in range(5):
        await make_up(number)
    await scrape(client)  # is a series, too
    before = (await scrape(client)).series
    held = len(HTTP_DURATION._metrics)

    for number in range(samples(50, 500)):
        await make_up(number)

    assert (await scrape(client)).series - before == set()
    assert len(HTTP_DURATION._metrics) == held
