"""A PostgreSQL database and a Redis database for one benchmark, removed when it ends."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NamedTuple

import asyncpg
from redis import Redis
from yarl import URL

DATABASE_URL: Final = "postgres://postgres@127.0.0.1:5432/postgres"
REDIS_URL: Final = "redis://127.0.0.1:6379"

_NUMBERS: Final = range(9, 0, -1)
"""Redis databases that are tried where the URL names none; the first empty one is taken."""

_MARK: Final = "contactsvc:benchmark"


class Databases(NamedTuple):
    """Where a benchmark keeps its data."""

    postgresql: str
    redis: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let the command line say which servers are used."""
    parser.add_argument(
        "--database-url", default=DATABASE_URL, help="PostgreSQL; a database is made and dropped"
    )
    parser.add_argument(
        "--redis-url", default=REDIS_URL, help="Redis; an empty database is used and emptied"
    )


@contextmanager
def databases(given: argparse.Namespace) -> Iterator[Databases]:
    """Make the databases, and remove them when the block ends."""
    name = f"contactsvc_benchmark_{os.getpid()}"
    asyncio.run(execute(given.database_url, f"CREATE DATABASE {name}"))
    try:
        with _redis(URL(given.redis_url)) as redis_url:
            yield Databases(str(URL(given.database_url).with_path(f"/{name}")), redis_url)
    finally:
        asyncio.run(execute(given.database_url, f"DROP DATABASE {name} WITH (FORCE)"))


async def execute(url: str, *statements: str) -> None:
    """Execute statements, each in a transaction of its own."""
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


@contextmanager
def _redis(url: URL) -> Iterator[str]:
    numbers = [url.path] if len(url.path) > 1 else [f"/{number}" for number in _NUMBERS]
    for path in numbers:
        with Redis.from_url(str(url.with_path(path))) as redis:
            # Two benchmarks may look for an empty one at the same time.
            if redis.dbsize() or not redis.set(_MARK, os.getpid(), nx=True):
                continue
            try:
                yield str(url.with_path(path))
            finally:
                redis.flushdb()
            return
    sys.exit(f"{url} has no empty database; name one: redis://host:6379/5")
