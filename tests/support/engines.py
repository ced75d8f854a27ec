"""The PostgreSQL and Redis that the tests run against."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from contactsvc.platform.database.embedded import embedded_postgres
from contactsvc.platform.database.migrations import migrate


def _of_this_worker(redis_url: str | None) -> str | None:
    if redis_url is None:
        return None
    parts = urlsplit(redis_url)
    number = int(parts.path.strip("/") or 0)
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return urlunsplit(parts._replace(path=f"/{number + worker}"))


DATABASE_URL = os.environ.get("TEST_DATABASE_URL")
"""Where a database of the run's own is made and dropped; None is an embedded server."""

REDIS_URL = _of_this_worker(os.environ.get("TEST_REDIS_URL"))
"""Its database number is emptied before every test; None is fakeredis in each application.

Of tests that run side by side, each worker takes the next number.
"""

UNSAFE: Final = ("fsync", "synchronous_commit", "full_page_writes")
"""Settings of PostgreSQL that only a crash of the whole machine needs."""


@contextmanager
def postgres() -> Iterator[str]:
    """Give the URL of a new, migrated database that nobody else uses."""
    if DATABASE_URL is not None:
        with scratch_database(DATABASE_URL, f"contactsvc_test_{os.getpid()}") as url:
            asyncio.run(migrate(url))
            yield url
        return
    with (
        tempfile.TemporaryDirectory(
            prefix="contactsvc-test-", ignore_cleanup_errors=True
        ) as folder,
        embedded_postgres(Path(folder) / "postgres") as url,
    ):
        hasten(url)
        asyncio.run(migrate(url))
        yield url


def hasten(server: str) -> None:
    """Let a server of the run's own wait for no disk; needs a superuser."""
    for setting in UNSAFE:
        asyncio.run(_execute(server, f"ALTER SYSTEM SET {setting} = off"))
    asyncio.run(_execute(server, "SELECT pg_reload_conf()"))


async def empty(connection: asyncpg.Connection) -> None:
    """Remove every row, and let ids begin with 1 again; needs a superuser.

    TRUNCATE would make new files for each table and index: half the time of a short test. In a
    function of the session each statement is planned once.
    """
    try:
        await connection.execute("SELECT pg_temp.empty()")
    except (asyncpg.InvalidSchemaNameError, asyncpg.UndefinedFunctionError):
        await connection.execute(await connection.fetchval(_EMPTYING))
        await connection.execute("SELECT pg_temp.empty()")


# As on a replica, no trigger runs: none has to delete along, nor to protect audit events.
_EMPTYING = """
SELECT format(
    'CREATE FUNCTION pg_temp.empty() RETURNS void LANGUAGE plpgsql'
    ' SET session_replication_role = replica AS %L',
    'BEGIN ' || string_agg(format(
        CASE relkind WHEN 'S' THEN 'PERFORM setval(%L, 1, false);' ELSE 'DELETE FROM %I;' END,
        relname
    ), ' ') || ' END'
) FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') AND relname NOT LIKE 'aerich%'
"""


@contextmanager
def scratch_database(server: str, name: str) -> Iterator[str]:
    """Make an empty database on a server, give its URL, and drop it."""
    asyncio.run(_execute(server, f'CREATE DATABASE "{name}"'))
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        asyncio.run(_execute(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
