"""What PostgreSQL does for the very statements of a repository, in a table that is not empty."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg

from tests.support.waiting import until


async def execute(url: str, *scripts: str) -> None:
    """Run scripts on a connection of their own, one after the other."""
    connection = await asyncpg.connect(url)
    try:
        for script in scripts:
            await connection.execute(script)
    finally:
        await connection.close()


async def vacuum(url: str, *tables: str) -> None:
    """Vacuum and analyse tables until each page of them is known to be visible to all.

    Rows are not as long as autovacuum analyses any table of the database, having begun before they
    were there.
    """
    connection = await asyncpg.connect(url)

    async def all_visible() -> bool:
        await connection.execute(f"VACUUM ANALYZE {', '.join(tables)}")
        return bool(await connection.fetchval(_ALL_VISIBLE, tables))

    try:
        await until(all_visible)
    finally:
        await connection.close()


_ALL_VISIBLE = """
SELECT bool_and(relallvisible = relpages) FROM pg_class
WHERE oid IN (SELECT name::regclass FROM unnest($1::text[]) AS name)
"""


async def explain(
    connection: asyncpg.Connection, query: str, values: list[object]
) -> list[dict[str, Any]]:
    """Run a statement and return what PostgreSQL did, node by node."""
    answer = await connection.fetchval(
        f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {query}", *values
    )
    return list(_nodes(json.loads(answer)[0]["Plan"]))


async def scans(
    connection: asyncpg.Connection, query: str, values: list[object]
) -> list[dict[str, Any]]:
    """Run a statement and return how PostgreSQL read each table and index of it."""
    return [n for n in await explain(connection, query, values) if "Scan" in n["Node Type"]]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from _nodes(inner)
