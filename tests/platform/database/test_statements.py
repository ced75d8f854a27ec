"""Statements go to PostgreSQL as they are, in the transaction of their task, with known errors."""

from collections.abc import Iterable

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from contactsvc.platform.database.binary_copy import ENCODERS, begin_of_row, whole
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Unavailable

pytestmark = pytest.mark.usefixtures("orm")

ADD = "INSERT INTO address_books (owner_id, id, contacts) VALUES ($1, $2, $3) RETURNING contacts"
BOOKS = "SELECT contacts FROM address_books WHERE id > 1 ORDER BY id"


async def books(pg: asyncpg.Connection) -> list[int]:
    return [row["contacts"] for row in await pg.fetch(BOOKS)]


def copied(rows: Iterable[tuple[int, int, int]]) -> bytes:
    """Return books with their owners, ids and counts as COPY takes them."""
    kinds = ("BIGINT", "BIGINT", "INT")
    values = [
        b"".join(ENCODERS[kind](value) for kind, value in zip(kinds, row, strict=True))
        for row in rows
    ]
    return whole(begin_of_row(len(kinds)) + each for each in values)


async def test_rows_come_back(owner: int, pg: asyncpg.Connection) -> None:
    assert [tuple(row) for row in await current_client().fetch(ADD, (owner, 2, 7))] == [(7,)]
    assert await books(pg) == [7]


async def test_several_runs_are_one_and_give_all_their_rows(
    owner: int, pg: asyncpg.Connection
) -> None:
    runs = [(owner, 2, 7), (owner, 3, 8)]
    assert [row["contacts"] for row in await current_client().fetch_for_each(ADD, runs)] == [7, 8]
    assert await books(pg) == [7, 8]
    with pytest.raises(IntegrityError):
        await current_client().fetch_for_each(ADD, [(owner, 4, 9), (owner, 2, 0)])
    assert await books(pg) == [7, 8], "a run that fails undoes all"


async def test_they_belong_to_the_transaction_of_their_task(
    owner: int, pg: asyncpg.Connection
) -> None:
    class Regret(Exception):
        pass

    async def work() -> None:
        async with transaction():
            await current_client().fetch(ADD, (owner, 2, 7))
            await current_client().fetch_for_each(ADD, [(owner, 3, 8)])
            raise Regret

    with pytest.raises(Regret):
        await work()
    assert await books(pg) == []


@pytest.mark.parametrize("many", [False, True])
async def test_errors_are_those_of_the_orm_and_of_the_service(owner: int, many: bool) -> None:
    async def run(sql: str, *values: object) -> None:
        client = current_client()
        await (client.fetch_for_each(sql, [values]) if many else client.fetch(sql, values))

    with pytest.raises(OperationalError):
        await run("SELECT * FROM there_is_none")
    with pytest.raises(IntegrityError):
        await run(ADD, 10**9, 2, 0)  # nobody's
    with pytest.raises(Unavailable):
        await run("SELECT pg_terminate_backend(pg_backend_pid())")
    await run(ADD, owner, 2, 0)


async def test_many_rows_are_copied_or_none(owner: int, pg: asyncpg.Connection) -> None:
    columns = ("owner_id", "id", "contacts")
    await current_client().copy(
        "address_books", columns, copied((owner, n, n) for n in range(2, 5))
    )
    assert await pg.fetchval("SELECT sum(contacts) FROM address_books") == 9
    rows = copied([(owner, 9, 9), (10**9, 1, 1)])
    with pytest.raises(IntegrityError):
        await current_client().copy("address_books", columns, rows)
    assert await pg.fetchval("SELECT sum(contacts) FROM address_books") == 9
