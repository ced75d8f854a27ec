"""What Prometheus reads: every number moves when the thing happens, and none tells of anybody."""

import asyncio
import random
import secrets
import string
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import asyncpg
import pytest

from contactsvc import __version__, keys
from contactsvc.clock import now
from contactsvc.metrics import HTTP_DURATION
from tests.conftest import PASSWORD, Client, MakeClient, Person, problem
from tests.mail.support import ask
from tests.support.accounts import add_account
from tests.support.redis_server import RedisServer
from tests.support.samples import samples
from tests.support.scrapes import Growth, Scrape, scrape
from tests.support.smtp_server import PostOffice, smtp_server
from tests.support.waiting import PATIENCE, until

REQUESTS = "http_server_request_duration_seconds_count"
OUTBOX = {"outbox_mails", "outbox_oldest_due_seconds", "outbox_oldest_age_seconds"}
HUNDRED = timedelta(seconds=100)
TOKEN = "prometheus-0123456789"
LETTERS = string.ascii_letters + string.digits


pytestmark = pytest.mark.usefixtures("no_requests_yet")


async def told(client: Client, fits: Callable[[Scrape], bool]) -> Scrape:
    """Scrape until it says so; nothing else tells when a background task has done something."""
    async with asyncio.timeout(PATIENCE):
        while not fits(found := await scrape(client)):
            await asyncio.sleep(0.02)
    return found


@pytest.fixture
async def other_pg(postgres_url: str, pg: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A second connection of the test's own."""
    connection = await asyncpg.connect(postgres_url)
    yield connection
    await connection.close()


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
    monkeypatch.setattr("contactsvc.database.connection.STATEMENT_TIMEOUT", 10.0 * PATIENCE)
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
    threads = grace.client.app[keys.ACCOUNTS]._passwords._threads
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


@pytest.mark.usefixtures("eager_worker")
async def test_mails_that_wait_and_the_one_that_has_waited_longest(
    client: Client, pg: asyncpg.Connection, other_pg: asyncpg.Connection
) -> None:
    async with pg.transaction():
        mail = await ask(pg, "confirm_email", "ada@example.com")
        await ask(pg, "confirm_email", "bob@example.com")
        await pg.execute("UPDATE outbox SET next_attempt_at = now() + interval '1 hour'")
        await pg.execute("UPDATE outbox SET status = 'dead' WHERE id <> $1", mail)
    found = await scrape(client)
    assert found.value("outbox_oldest_due_seconds") == 0
    assert found.value("outbox_mails", status="pending") == 1
    assert found.value("outbox_mails", status="dead") == 1
    async with other_pg.transaction():
        # A worker passes over what somebody else has locked, and a change needs no such lock.
        await other_pg.execute("SELECT FROM outbox FOR KEY SHARE")
        change, due = "UPDATE outbox SET next_attempt_at = $1 WHERE id = $2", now() - HUNDRED
        await pg.execute(change, due, mail)
        waited = (await scrape(client)).value("outbox_oldest_due_seconds")
        assert HUNDRED.total_seconds() <= waited <= (now() - due).total_seconds()
    after = await told(client, lambda s: s.value("outbox_mails", status="pending") == 0)
    assert after.value("outbox_oldest_due_seconds") == 0


@pytest.mark.parametrize(
    ("answer", "result"), [("250 yes", "sent"), ("451 later", "retried"), ("550 no", "dead")]
)
@pytest.mark.usefixtures("eager_worker")
async def test_tries_to_send_a_mail(
    make_client: MakeClient, pg: asyncpg.Connection, answer: str, result: str
) -> None:
    async with smtp_server(PostOffice({"DATA": answer})) as port:
        client = await make_client(smtp_url=f"smtp://127.0.0.1:{port}")
        before = await scrape(client)
        await add_account(pg, "ada@example.com", confirmed=False)
        await ask(pg, "confirm_email", "ada@example.com")

        def tries(found: Scrape, **labels: str) -> float:
            return found.value("outbox_deliveries_total", **labels)

        after = await told(client, lambda s: tries(s) > tries(before))
        assert tries(after, result=result) == tries(before, result=result) + 1


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


async def rest_is_told(client: Client) -> None:
    await client.get("/livez")
    async with asyncio.timeout(PATIENCE):  # whoever keeps PostgreSQL from answering does so longer
        found = await scrape(client)
    assert not OUTBOX & found.names
    assert found.value(REQUESTS, route="/livez", status=200) > 0
    assert found.value("contactsvc_build_info") == 1


async def test_without_postgresql_all_the_rest_is_told(make_client: MakeClient) -> None:
    await rest_is_told(await make_client(database_url="postgres://postgres@127.0.0.1:1/contacts"))


@pytest.mark.outage
async def test_a_postgresql_that_hangs_keeps_no_scrape_waiting(
    client: Client, pg: asyncpg.Connection
) -> None:
    async with pg.transaction():
        await pg.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
        await rest_is_told(client)
    await told(client, lambda s: s.names >= OUTBOX)


async def test_a_database_that_is_not_migrated_breaks_no_scrape(
    client: Client, pg: asyncpg.Connection
) -> None:
    await pg.execute("ALTER TABLE outbox RENAME TO kept")
    try:
        await rest_is_told(client)
    finally:
        await pg.execute("ALTER TABLE kept RENAME TO outbox")


async def test_many_scrapes_at_once_are_all_answered(client: Client) -> None:
    async def ask_and(leave: bool) -> str | None:
        try:
            async with asyncio.timeout(0.001 if leave else PATIENCE):
                return await (await client.get("/metrics")).text()
        except TimeoutError:
            return None

    found = await asyncio.gather(*(ask_and(leave=number % 3 == 0) for number in range(30)))

    assert sum(one is not None for one in found) >= 20
    assert all(name in one for name in OUTBOX for one in found if one is not None)


Headers = dict[str, str]


async def test_the_token_of_prometheus(make_client: MakeClient, subtests: pytest.Subtests) -> None:
    client = await make_client(metrics_token=TOKEN)
    for headers in [
        {},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": "Bearer \xe9\u2603"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": TOKEN},
        {"X-Metrics-Token": TOKEN},
    ]:
        for method in ["GET", "HEAD"]:
            with subtests.test(headers=headers, method=method):
                response = await client.request(method, "/metrics", headers=headers)

                assert response.headers["WWW-Authenticate"] == "Bearer"
                if method == "GET":
                    await problem(response, 401, "unauthenticated")
                assert response.status == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
async def test_with_the_token_the_metrics_are_told(make_client: MakeClient, scheme: str) -> None:
    client = await make_client(metrics_token=TOKEN)
    await client.get("/livez")
    response = await client.get("/metrics", headers={"Authorization": f"{scheme} {TOKEN}"})
    assert response.status == 200
    assert REQUESTS in await response.text()


async def test_nobodys_access_token_opens_it(make_client: MakeClient, grace: Person) -> None:
    client = await make_client(metrics_token=TOKEN)
    response = await client.get("/metrics", headers=grace.headers)
    await problem(response, 401, "unauthenticated")
