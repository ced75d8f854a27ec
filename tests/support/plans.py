"""What PostgreSQL does for the very statements of a repository, in a table that is not empty."""

import json
from collections.abc import Iterator
from typing import Any

import asyncpg


async def execute(url: str, *scripts: str) -> None:
    """Run scripts on a connection of their own, one after the other."""
    connection = await asyncpg.connect(url)
    try:
        for script in scripts:
            await connection.execute(script)
    finally:
        await connection.close()


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
