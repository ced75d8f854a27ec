"""Rows as PostgreSQL takes and refuses them, past the ORM."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import asyncpg

MOMENT = datetime(2026, 1, 31, 12, tzinfo=UTC)


async def insert(pg: asyncpg.Connection, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row and return its id."""
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places}) RETURNING id"
    row_id: int = await pg.fetchval(statement, *row.values())
    return row_id


async def optional(pg: asyncpg.Connection, table: str, row: Mapping[str, Any]) -> set[str]:
    """Return the columns of ``row`` that may be NULL; nothing is kept."""
    assert await _fits(pg, table, row)
    return {column for column in row if await _fits(pg, table, {**row, column: None})}


async def _fits(pg: asyncpg.Connection, table: str, row: Mapping[str, Any]) -> bool:
    transaction = (await pg.opened()).transaction()
    await transaction.start()
    try:
        await insert(pg, table, row)
    except asyncpg.NotNullViolationError:
        return False
    finally:
        await transaction.rollback()
    return True


async def indexes(pg: asyncpg.Connection, table: str) -> set[tuple[str, ...]]:
    """Return the columns of every index of a table, that of its key included."""
    rows = await pg.fetch(
        """
        SELECT array_agg(a.attname::text ORDER BY position) AS columns
        FROM pg_index AS i
        CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS part (attnum, position)
        JOIN pg_attribute AS a ON a.attrelid = i.indrelid AND a.attnum = part.attnum
        WHERE i.indrelid = $1::regclass AND i.indisvalid
        GROUP BY i.indexrelid
        """,
        table,
    )
    return {tuple(row["columns"]) for row in rows}
