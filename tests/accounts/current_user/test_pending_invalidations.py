"""What is pending is read beside the pool, and removed when Redis has been told."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.accounts.current_user import repository
from contactsvc.accounts.current_user.pending_invalidations import (
    LIMIT,
    Pending,
    PendingInvalidations,
)
from contactsvc.platform.errors import Unavailable

pytestmark = pytest.mark.usefixtures("orm")


@pytest.fixture
async def pending(postgres_url: str) -> AsyncIterator[PendingInvalidations]:
    pending = PendingInvalidations(postgres_url)
    yield pending
    pending.close()


async def test_what_was_put_is_read_in_order_and_removed(pending: PendingInvalidations) -> None:
    await repository.put_user(42, 7)
    await repository.put_sessions(43, [2**53 - 1, 5])
    rows = await pending.read()
    assert [row[1:] for row in rows] == [
        (42, 7, None),
        (43, None, 2**53 - 1),
        (43, None, 5),
    ]

    await pending.remove([rows[0].id, rows[2].id])

    assert await pending.read() == [rows[1]]


async def test_what_matters_no_more_is_not_read(
    pending: PendingInvalidations, pg: asyncpg.Connection
) -> None:
    await repository.put_user(42, 7)
    await pg.execute("UPDATE pending_invalidations SET expires_at = now()")
    assert await pending.read() == []


async def test_so_many_are_read_at_once_and_no_more(
    pending: PendingInvalidations, pg: asyncpg.Connection
) -> None:
    await pg.execute(
        "INSERT INTO pending_invalidations (user_id, version, expires_at)"
        " SELECT n, 1, now() + interval '1 hour' FROM generate_series(1, $1::int) n",
        LIMIT + 1,
    )
    rows = await pending.read()
    assert [row.user_id for row in rows] == list(range(1, LIMIT + 1))
    assert rows[0] == Pending(rows[0].id, 1, 1, None)


async def test_a_lost_connection_is_replaced(
    pending: PendingInvalidations, pg: asyncpg.Connection
) -> None:
    assert await pending.read() == []
    await pg.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE query LIKE '%FROM pending_invalidations%' AND pid <> pg_backend_pid()"
    )
    with pytest.raises(Unavailable):
        await pending.read()
    assert await pending.read() == []


async def test_a_database_that_is_away_is_unavailable() -> None:
    pending = PendingInvalidations("postgres://postgres@127.0.0.1:1/postgres")
    with pytest.raises(Unavailable):
        await pending.read()


async def test_two_who_ask_at_once_take_turns(pending: PendingInvalidations) -> None:
    first, _, last = await asyncio.gather(pending.read(), pending.remove([1]), pending.read())
    assert first == last == []
