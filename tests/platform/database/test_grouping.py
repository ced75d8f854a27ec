"""Of writes of the same key one is under way; those who wait go together, each on its own terms."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg
import pytest
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from contactsvc.platform.database import connection, database, grouping
from contactsvc.platform.database.grouping import GroupedStatement
from contactsvc.platform.errors import Unavailable
from tests.support.database import KILL, used
from tests.support.locks import until_locks_wait
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.slow

ADD: Final = (
    "WITH row AS (UPDATE rows SET number = number + 1 WHERE key = $1 RETURNING number)"
    " SELECT number, 60 / $2::int AS share, pg_current_xact_id()::text AS transaction FROM row"
)
"""Adds one to a row, and divides by a parameter, which must not be 0."""

Tasks = list[asyncio.Task[asyncpg.Record]]


class Rows:
    """A table of two rows, with the keys 1 and 2.

    Args:
        url: Of its database.
        pg: Watches.
    """

    def __init__(self, url: str, pg: asyncpg.Connection) -> None:
        self.pg = pg
        self.adding = GroupedStatement(ADD)
        self._url = url

    @asynccontextmanager
    async def locked(self, *shares: int) -> AsyncIterator[Tasks]:
        """Let runs with these parameters wait: the first for a lock, the others for the first."""
        holder = await asyncpg.connect(self._url)
        try:
            async with holder.transaction():
                await holder.execute("SELECT FROM rows WHERE key = 1 FOR UPDATE")
                tasks = [asyncio.create_task(self.adding.run(1, (1, share))) for share in shares]
                await until_locks_wait(self.pg)
                yield tasks
        finally:
            await holder.close()

    async def number(self) -> int:
        """Return what has been added to the first row."""
        number: int = await self.pg.fetchval("SELECT number FROM rows WHERE key = 1")
        return number


@pytest.fixture
async def rows(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Rows]:
    """The table, in a database that is also the ORM's; no statement takes too long."""
    monkeypatch.setattr(connection, "STATEMENT_TIMEOUT", 600.0)
    pg = await asyncpg.connect(empty_database)
    try:
        await pg.execute(
            "CREATE TABLE rows AS SELECT key, 0 AS number FROM unnest('{1,2}'::int[]) key"
        )
        async with database(empty_database, pool_size=5):
            yield Rows(empty_database, pg)
    finally:
        await pg.close()


async def outcomes(tasks: Tasks) -> list[Any]:
    async with asyncio.timeout(PATIENCE):
        return await asyncio.gather(*tasks, return_exceptions=True)


def transactions(records: list[asyncpg.Record]) -> list[int]:
    """Return how many runs each transaction had, in order."""
    return list(Counter(record["transaction"] for record in records).values())


async def test_who_waits_goes_in_one_transaction_and_needs_no_connection(rows: Rows) -> None:
    async with rows.locked(1, 2, 3, 4) as tasks:
        assert used() == 1
    records = await outcomes(tasks)
    assert [record["share"] for record in records] == [60, 30, 20, 15]
    assert [record["number"] for record in records] == [1, 2, 3, 4]
    assert transactions(records) == [1, 3]
    assert (await rows.adding.run(1, (1, 1)))["number"] == await rows.number() == 5


async def test_a_transaction_has_so_many_runs_at_the_most(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "MOST", 2)
    async with rows.locked(1, 2, 3, 4, 5, 6) as tasks:
        pass
    records = await outcomes(tasks)
    assert [record["number"] for record in records] == [1, 2, 3, 4, 5, 6]
    assert transactions(records) == [1, 2, 2, 1]


@pytest.mark.parametrize("shares", [(0, 1, 2, 3), (1, 0, 2, 3), (1, 2, 0, 0)])
async def test_a_run_that_fails_takes_no_other_with_it(rows: Rows, shares: tuple[int, ...]) -> None:
    async with rows.locked(*shares) as tasks:
        pass
    for share, found in zip(shares, await outcomes(tasks), strict=True):
        if share:
            assert found["share"] == 60 / share
        else:
            assert isinstance(found, OperationalError)
    assert await rows.number() == len(shares) - shares.count(0)


async def test_who_is_cancelled_while_waiting_is_left_out(rows: Rows) -> None:
    async with rows.locked(1, 2, 3) as tasks:
        tasks[1].cancel()
        await asyncio.wait([tasks[1]])
    first, cancelled, last = await outcomes(tasks)
    assert isinstance(cancelled, asyncio.CancelledError)
    assert [first["number"], last["number"], await rows.number()] == [1, 2, 2]


async def test_who_is_cancelled_under_way_leaves_the_others(rows: Rows) -> None:
    async with rows.locked(1, 2, 3) as tasks:
        tasks[0].cancel()
        await asyncio.wait([tasks[0]])
    cancelled, *others = await outcomes(tasks)
    assert isinstance(cancelled, asyncio.CancelledError)
    assert [record["number"] for record in others] == [1, 2]


async def test_other_keys_do_not_wait(rows: Rows) -> None:
    async with rows.locked(1, 2) as tasks, asyncio.timeout(PATIENCE):
        assert (await rows.adding.run(2, (2, 1)))["number"] == 1
    await outcomes(tasks)


async def test_when_postgresql_is_lost_all_who_wait_know(rows: Rows) -> None:
    async with rows.locked(1, 2, 3) as tasks:
        await rows.pg.execute(KILL)
        lost = await outcomes(tasks)
        assert all(isinstance(error, Unavailable) for error in lost), lost
    assert (await rows.adding.run(1, (1, 1)))["number"] == 1


async def test_when_a_group_is_lost_all_who_wait_for_it_know(
    rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "MOST", 2)
    async with rows.locked(1, 2, 3, 4) as tasks:
        tasks[0].cancel()  # now the group of the next two waits for the lock
        await asyncio.wait([tasks[0]])
        await until_locks_wait(rows.pg)
        await rows.pg.execute(KILL)
        _, *lost = await outcomes(tasks)
        assert all(isinstance(error, Unavailable) for error in lost), lost
    assert await rows.number() == 0


async def test_a_group_that_is_cancelled_runs_nothing_again(rows: Rows) -> None:
    async with rows.locked(1, 2, 3) as tasks:
        tasks[0].cancel()
        await asyncio.wait([tasks[0]])
        await until_locks_wait(rows.pg)
        [group] = [task for task in asyncio.all_tasks() if task.get_name() == "grouped writes"]
        group.cancel()  # as where the process ends
        ended = await outcomes(tasks)
        assert all(isinstance(error, asyncio.CancelledError) for error in ended), ended
    assert await rows.number() == 0


async def test_in_a_transaction_a_run_is_part_of_it(rows: Rows) -> None:
    async with in_transaction() as transaction:
        assert (await rows.adding.run(1, (1, 1)))["number"] == 1
        await transaction.rollback()
    assert await rows.number() == 0
