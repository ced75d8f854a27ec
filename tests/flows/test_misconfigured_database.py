"""A database that cannot be used as it is set up is said to be so, and no answer is ever a 500."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from contactsvc.platform.database import faults
from contactsvc.platform.database.migrations import migrate
from tests.cli.support import rows
from tests.conftest import PASSWORD, Client, MakeClient, problem
from tests.support.refusing_postgres import refusing_postgres

BODY = {"email": "ada@example.com", "password": PASSWORD}

REFUSALS = {
    ("28P01", 'password authentication failed for user "ada"'): faults.REFUSED,
    ("28000", 'no pg_hba.conf entry for host "::1", no encryption'): faults.NOT_LET_IN,
    ("3D000", 'database "book" does not exist'): faults.NO_DATABASE,
    ("42501", 'permission denied for database "book"'): faults.NOT_ALLOWED,
    # PgBouncer's
    ("08P01", "no such database: book"): faults.NO_DATABASE,
    ("08P01", "no such user: ada"): faults.REFUSED,
    ("08P01", "unsupported startup parameter: options"): faults.POOLER_REFUSES,
}


@pytest.fixture
def latin1(postgres_url: str) -> Iterator[str]:
    """A database that cannot hold every text."""
    rows(
        postgres_url,
        "CREATE DATABASE latin1 TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'",
    )
    yield urlsplit(postgres_url)._replace(path="/latin1").geturl()
    rows(postgres_url, "DROP DATABASE latin1 WITH (FORCE)")


def errors_at_the_start(caplog: pytest.LogCaptureFixture) -> list[str]:
    lines = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert all("\n" not in line for line in lines)
    return lines


async def says_what_it_is(client: Client, caplog: pytest.LogCaptureFixture, detail: str) -> None:
    """Assert that log, health check and calls say what is wrong, and nobody what was sent."""
    assert errors_at_the_start(caplog)[0].startswith(detail)
    assert "hunter2" not in caplog.text
    body = await problem(await client.get("/api/healthchecker"), 503, "unavailable")
    assert body["detail"] == detail
    assert body["checks"]["database"] == "misconfigured"
    assert body["checks"]["migrations"] == "unknown"
    answer = await client.post("/api/auth/login", json=BODY)
    assert (await problem(answer, 503, "unavailable"))["detail"] == detail
    assert (await client.get("/metrics")).status == 200


async def test_a_server_that_lets_nobody_in(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    for (code, message), detail in REFUSALS.items():
        with subtests.test(message):
            caplog.clear()
            async with (
                refusing_postgres(code, message) as url,
                await make_client(database_url=url) as client,
            ):
                await says_what_it_is(client, caplog, detail)
                assert message in caplog.text, "PostgreSQL's own words, for the operator"


async def test_no_tls_where_it_is_demanded(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    async with refusing_postgres("57P03", "it does not come to that") as url:
        client = await make_client(database_url=f"{url}?sslmode=require")
        await says_what_it_is(client, caplog, faults.NO_TLS)


async def test_what_is_not_there_in_a_real_server(
    make_client: MakeClient,
    caplog: pytest.LogCaptureFixture,
    postgres_url: str,
    latin1: str,
    subtests: pytest.Subtests,
) -> None:
    for url, detail in {
        urlsplit(postgres_url)._replace(path="/there_is_none").geturl(): faults.NO_DATABASE,
        postgres_url.replace("postgres@", "nobody_at_all@"): faults.NOT_LET_IN,
        latin1: faults.NOT_UTF8,
    }.items():
        with subtests.test(detail):
            caplog.clear()
            async with await make_client(database_url=url) as client:
                await says_what_it_is(client, caplog, detail)


async def test_what_the_server_does_not_do(
    make_client: MakeClient,
    caplog: pytest.LogCaptureFixture,
    postgres_url: str,
    subtests: pytest.Subtests,
) -> None:
    begins = f"{postgres_url}{'&' if '?' in postgres_url else '?'}options="
    for options, detail in {
        "-cdefault_transaction_read_only%3Don": faults.READ_ONLY,  # as a replica
        "-cnonsense%3D1": faults.NOT_USABLE,
        "-cshared_buffers%3D1GB": faults.NOT_USABLE,
    }.items():
        with subtests.test(options):
            caplog.clear()
            async with await make_client(database_url=begins + options) as client:
                await says_what_it_is(client, caplog, detail)


async def test_a_database_before_any_migration(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture, empty_database: str
) -> None:
    client = await make_client(database_url=empty_database, require_confirmed_email=False)

    body = await problem(await client.get("/api/healthchecker"), 503, "unavailable")
    assert (body["checks"]["database"], body["checks"]["migrations"]) == ("ok", "due")
    for call in ("login", "register", "request_email", "update_password"):
        sent = BODY if call in ("login", "register") else {"email": BODY["email"]}
        answer = await client.post(f"/api/auth/{call}", json=sent)
        assert "contactsvc migrate" in (await problem(answer, 503, "unavailable"))["detail"]
    assert (await client.get("/metrics")).status == 200
    assert errors_at_the_start(caplog) == ["Migrations are due: run 'contactsvc migrate'."]

    loop = asyncio.get_running_loop()  # as a process beside it would
    await loop.run_in_executor(None, lambda: asyncio.run(migrate(empty_database)))

    assert (await client.get("/api/healthchecker")).status == 200
    assert (await client.post("/api/auth/register", json=BODY)).status == 201


async def test_a_database_of_an_older_version(
    make_client: MakeClient, pg: asyncpg.Connection
) -> None:
    """A column that is not there yet is no 500 either."""
    client = await make_client()
    await pg.execute("ALTER TABLE users RENAME COLUMN email_key TO earlier")
    try:
        answer = await client.post("/api/auth/login", json=BODY)
        await problem(answer, 503, "unavailable")
    finally:
        await pg.execute("ALTER TABLE users RENAME COLUMN earlier TO email_key")
