"""How PostgreSQL answers the very statements of the audit log in a long one."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import Event
from contactsvc.platform.database import database
from tests.support.plans import execute, explain, scans
from tests.support.rows import as_client_brings_it, statements

EVENTS, USERS = 20_000, 100
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FILL = f"""
INSERT INTO audit_events (at, event, actor_id, user_id, ip, request_id, data)
SELECT timestamptz '{BEGIN}' + n * interval '1 minute',
       CASE WHEN n % 200 = 0 THEN 'authz_change' ELSE 'authn_login_success' END,
       nullif(n % {USERS}, 0), n * 7 % {USERS} + 1, '', '', '{{}}'
FROM generate_series(1, {EVENTS}) AS n
"""
EMPTY = (
    # Without the triggers that keep what there is.
    "SET session_replication_role = replica; TRUNCATE audit_events RESTART IDENTITY",
    "VACUUM ANALYZE audit_events",
)
LIMIT = 10

LONG_AGO = {"until": BEGIN + timedelta(days=2)}
A_DAY = {"since": BEGIN + timedelta(days=5), "until": BEGIN + timedelta(days=6)}


@pytest.fixture(scope="module")
def long_log(postgres_url: str) -> Iterator[None]:
    """Fill the table once for all tests here."""
    asyncio.run(execute(postgres_url, EMPTY[0], FILL, EMPTY[1]))
    yield
    asyncio.run(execute(postgres_url, *EMPTY))


@pytest.fixture
async def connection(long_log: None, postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that leaves the rows where they are, and the ORM beside it."""
    connection = await asyncpg.connect(postgres_url)
    async with database(postgres_url):
        yield connection
    await connection.close()


async def two_pages(**conditions: Any) -> list[tuple[str, list[object]]]:
    """Return the statements of the first page and of the next one."""
    with statements() as sent:
        first = await audit.page(LIMIT, **conditions)
        after = as_client_brings_it(first.next_position)
        second = await audit.page(LIMIT, after, **conditions)
    ids = [row["id"] for row in first.rows + second.rows]
    assert len(ids) == 2 * LIMIT
    assert ids == sorted(set(ids), reverse=True)
    assert len(sent) == 2
    return sent


@pytest.mark.parametrize(
    "conditions",
    [
        {},
        {"user_id": 50},
        {"actor_id": 50},
        {"event": Event.LOGIN_SUCCESS},
        {"event": Event.PRIVILEGE_CHANGE},
        {"since": BEGIN},
        LONG_AGO,
        A_DAY,
    ],
    ids=str,
)
@pytest.mark.slow
async def test_a_page_reads_what_it_shows(
    connection: asyncpg.Connection, conditions: dict[str, Any]
) -> None:
    for query, values in await two_pages(**conditions):
        plan = await explain(connection, query, values)
        [scan] = [node for node in plan if "Scan" in node["Node Type"]]
        assert scan["Node Type"].startswith("Index")
        assert scan["Actual Rows"] == LIMIT + 1
        assert scan.get("Rows Removed by Filter", 0) <= LIMIT
        assert not [node for node in plan if "Sort" in node["Node Type"]]


@pytest.mark.parametrize(
    "conditions",
    [
        {"user_id": 50, "actor_id": 7},
        {"user_id": 50, "event": Event.LOGIN_SUCCESS},
        {"user_id": 50} | LONG_AGO,
        {"actor_id": 50} | LONG_AGO,
        {"event": Event.LOGIN_SUCCESS} | A_DAY,
        {"event": Event.PRIVILEGE_CHANGE} | A_DAY,
    ],
    ids=str,
)
async def test_conditions_together_leave_most_of_the_log_alone(
    connection: asyncpg.Connection, conditions: dict[str, Any]
) -> None:
    with statements() as sent:
        await audit.page(LIMIT, **conditions)
    [(query, values)] = sent
    read = await scans(connection, query, values)
    assert "Seq Scan" not in [scan["Node Type"] for scan in read]
    rows = sum(scan["Actual Rows"] + scan.get("Rows Removed by Filter", 0) for scan in read)
    assert rows < EVENTS / 5
