"""The audit log is written with what it tells about, and read from the newest on."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.accounts.audit import repository as audit
from contactsvc.accounts.audit.model import AuditData, Event
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction
from tests.support.clocks import Clock
from tests.support.rows import as_client_brings_it

pytestmark = pytest.mark.usefixtures("orm")

CALLER = Caller("2001:db8::1", "pytest", "one-request")


async def test_an_event_is_written_whole(
    pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    about: AuditData = {"session_ids": [1, 2], "by": "reset"}
    await audit.record(Event.TOKEN_REVOKED, CALLER, user_id=2, actor_id=1, **about)
    row = dict(await pg.fetchrow("SELECT * FROM audit_events"))
    assert orjson.loads(row.pop("data")) == about
    assert row == {
        "id": 1,
        "at": clock.moment.astimezone(UTC),
        "event": "authn_token_revoked",
        "user_id": 2,
        "actor_id": 1,
        "ip": "2001:db8::1",
        "request_id": "one-request",
    }


async def test_what_did_not_happen_is_not_told(pg: asyncpg.Connection) -> None:
    async def delete_and_fail() -> None:
        async with transaction():
            await audit.record(Event.USER_DELETED, CALLER, user_id=2)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await delete_and_fail()
    assert await pg.fetchval("SELECT count(*) FROM audit_events") == 0


@pytest.fixture
async def five(orm: None) -> None:
    """Five events with the ids 1 to 5."""
    for event, user_id in (
        (Event.USER_CREATED, 7),
        (Event.LOGIN_SUCCESS, 7),
        (Event.USER_CREATED, 8),
        (Event.LOGIN_FAIL, None),
        (Event.LOGIN_SUCCESS, 8),
    ):
        await audit.record(event, CALLER, user_id=user_id, actor_id=9)


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("user_id", "event", "limit", "before", "expected"),
    [
        (None, None, 10, None, [5, 4, 3, 2, 1]),
        (None, None, 2, None, [5, 4]),
        (None, None, 2, 4, [3, 2]),
        (None, None, 2, 1, []),
        (7, None, 10, None, [2, 1]),
        (9, None, 10, None, []),
        (None, Event.LOGIN_SUCCESS, 10, None, [5, 2]),
        (8, Event.USER_CREATED, 10, None, [3]),
        (8, None, 10, 5, [3]),
    ],
)
async def test_pages(
    user_id: int | None, event: Event | None, limit: int, before: int | None, expected: list[int]
) -> None:
    after = None if before is None else [before]
    page = await audit.page(limit, after, user_id=user_id, event=event)
    assert [row["id"] for row in page.rows] == expected


NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def by_time(orm: None, pg: asyncpg.Connection) -> None:
    """Five events, a minute between two, of which the third was written last by another host."""
    for minutes in (0, 1, 3, 4, 2):
        row = (NOON + minutes * MINUTE, minutes % 2 + 1)
        await pg.execute(
            "INSERT INTO audit_events (at, event, actor_id, ip, request_id, data)"
            " VALUES ($1, 'user_created', $2, '', '', '{}')",
            *row,
        )


@pytest.mark.usefixtures("by_time")
@pytest.mark.parametrize("limit", [1, 2, 10])
@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"since": NOON}, [4, 3, 2, 1, 0]),
        ({"since": NOON + timedelta(microseconds=1)}, [4, 3, 2, 1]),
        ({"until": NOON + 4 * MINUTE}, [3, 2, 1, 0]),
        ({"until": NOON + timedelta(minutes=4, microseconds=1)}, [4, 3, 2, 1, 0]),
        ({"since": NOON + MINUTE, "until": NOON + 3 * MINUTE}, [2, 1]),
        ({"since": NOON + MINUTE, "actor_id": 2}, [3, 1]),
        ({"since": NOON + MINUTE, "until": NOON + MINUTE}, []),
        ({"since": NOON + 2 * MINUTE, "until": NOON}, []),
        ({"since": datetime.min.replace(tzinfo=UTC)}, [4, 3, 2, 1, 0]),
        ({"until": datetime.max.replace(tzinfo=UTC)}, [4, 3, 2, 1, 0]),
    ],
    ids=str,
)
async def test_a_span_of_time_begins_with_since_and_ends_before_until(
    conditions: dict[str, Any], limit: int, expected: list[int]
) -> None:
    minutes, after = [], None
    while True:
        page = await audit.page(limit, as_client_brings_it(after), **conditions)
        minutes += [(row["at"] - NOON) // MINUTE for row in page.rows]
        after = page.next_position
        if after is None:
            break
    assert minutes == expected


@pytest.mark.usefixtures("five")
async def test_what_somebody_did_is_found() -> None:
    assert [row["id"] for row in (await audit.page(10, actor_id=9)).rows] == [5, 4, 3, 2, 1]
    assert (await audit.page(10, actor_id=7)).rows == []


async def test_a_row_is_shown_as_it_was_recorded() -> None:
    await audit.record(Event.LOGIN_FAIL, CALLER, reason="invalid_credentials")
    [row] = (await audit.page(1)).rows
    assert row["event"] is Event.LOGIN_FAIL
    assert row["data"] == {"reason": "invalid_credentials"}
    assert (row["user_id"], row["actor_id"]) == (None, None)
    assert (row["ip"], row["request_id"]) == (CALLER.ip, CALLER.request_id)
