"""Migrations on an empty database: run once however many start them, and taken back whole."""

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import aerich.utils
import asyncpg
import pytest
from aerich.migrate import Migrate

from contactsvc.platform.database import connection, database, migration_state, migrations
from contactsvc.platform.database.connection import APP
from tests.support.waiting import until

TABLES = {"users", "contacts", "sessions"}


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        return {row["tablename"] for row in await connection.fetch(query)}
    finally:
        await connection.close()


def in_their_order() -> list[str]:
    """Return the migrations as they are run: by number, the tenth after the ninth."""
    return sorted(migration_state.available(), key=lambda name: int(name.partition("_")[0]))


async def fingerprint(url: str) -> list[tuple[object, ...]]:
    """Return every column and index there is."""
    connection = await asyncpg.connect(url)
    try:
        columns = await connection.fetch(
            "SELECT table_name, column_name, data_type, is_nullable, collation_name"
            " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2"
        )
        indexes = await connection.fetch(
            "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
        )
        return [tuple(row) for row in (*columns, *indexes)]
    finally:
        await connection.close()


async def applied(url: str) -> set[str]:
    async with database(url):
        return await migration_state.applied()


@pytest.mark.process
def test_five_processes_at_once_migrate_once(empty_database: str, tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": empty_database,
        "SECRET_KEY": "kY3-for-tests-only_0123456789abcdef",
    }
    starters = [
        subprocess.Popen(
            [sys.executable, "-m", "contactsvc", "migrate"],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(5)
    ]
    outputs = [starter.communicate(timeout=300)[0] for starter in starters]
    assert [starter.returncode for starter in starters] == [0] * 5, outputs
    ran = "".join(f"Ran {name}.\n" for name in in_their_order())
    assert sorted(outputs) == sorted([ran] + ["Nothing to do.\n"] * 4)
    assert asyncio.run(tables(empty_database)) >= TABLES
    assert asyncio.run(applied(empty_database)) == migration_state.available()


async def turned_away(watcher: asyncpg.Connection, count: int) -> bool:
    """Return whether so many have asked for the lock of migrations and did not get it."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state = 'idle' AND query LIKE '%pg_try_advisory_lock%'"
        " AND pid NOT IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted)"
    )
    return bool(await watcher.fetchval(query) == count)


@pytest.mark.slow
async def test_of_those_who_start_at_once_one_migrates(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_INTERVAL", 0.01)
    holder = await asyncpg.connect(empty_database)
    await holder.execute(f"SELECT pg_advisory_lock({migrations.ADVISORY_LOCK})")
    starts = [asyncio.ensure_future(migrations.migrate(empty_database)) for _ in range(2)]
    await until(lambda: turned_away(holder, 2))
    assert await tables(empty_database) == set()
    await holder.close()
    assert sorted(await asyncio.gather(*starts)) == [[], in_their_order()]


@pytest.mark.slow
async def test_a_statement_may_take_longer_than_one_of_a_request(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "STATEMENT_TIMEOUT", 1e-6)
    assert await migrations.migrate(empty_database) == in_their_order()
    assert await migrations.downgrade(empty_database) == in_their_order()[::-1]


@pytest.mark.slow
async def test_a_second_time_there_is_nothing_to_do(empty_database: str) -> None:
    assert set(await migrations.migrate(empty_database)) == migration_state.available()
    assert await migrations.migrate(empty_database) == []


async def test_an_empty_database_has_seen_nothing(empty_database: str) -> None:
    assert await applied(empty_database) == set()


@pytest.mark.slow
async def test_migrations_are_taken_back_whole_and_run_again(empty_database: str) -> None:
    await migrations.migrate(empty_database)
    before = await fingerprint(empty_database)
    assert set(await migrations.downgrade(empty_database)) == migration_state.available()
    assert await tables(empty_database) <= {"aerich"}
    assert await applied(empty_database) == set()
    assert set(await migrations.migrate(empty_database)) == migration_state.available()
    assert await fingerprint(empty_database) == before


async def test_there_is_nothing_to_take_back_in_an_empty_database(empty_database: str) -> None:
    assert await migrations.downgrade(empty_database) == []


async def test_no_model_waits_for_a_migration() -> None:
    assert await migrations.drift() == []


async def test_a_model_that_no_migration_has_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    describe = aerich.utils.get_models_describe

    def describe_without_phone(app: str) -> dict[str, dict[str, list[dict[str, object]]]]:
        models = describe(app)
        columns = models["models.Contact"]["data_fields"]
        models["models.Contact"]["data_fields"] = [c for c in columns if c["name"] != "phone"]
        return models

    # Aerich gathers what it finds on its class; a second look must not see it again.
    monkeypatch.setattr(Migrate, "upgrade_operators", [])
    monkeypatch.setattr(Migrate, "downgrade_operators", [])
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "get_models_describe", describe_without_phone)
        missing = await migrations.drift()
        assert len(missing) == 1
        assert 'DROP COLUMN "phone"' in missing[0]
    assert await migrations.drift() == []


async def test_a_value_more_in_an_enumeration_needs_no_migration() -> None:
    """Tortoise would write all values into a column's comment, had it none of our own."""
    await migrations.drift()  # Aerich knows the models from here on
    listing = re.compile(r"^[A-Z_]+: ", re.MULTILINE)
    columns = [
        (model, column["name"], column["description"] or "")
        for model, described in aerich.utils.get_models_describe(APP).items()
        for column in described["data_fields"]
    ]
    assert [column for column in columns if listing.match(column[-1])] == []


def test_the_migrations_are_those_beside_the_package() -> None:
    files = (migration_state.LOCATION / "models").glob("*.py")
    assert migration_state.available() == {file.name for file in files if file.name[0].isdigit()}
    assert migration_state.available()


@pytest.mark.process
def test_importing_reads_no_settings() -> None:
    code = "import contactsvc.app, contactsvc.cli, contactsvc.platform.database.migrations"
    environment = {"PATH": os.environ["PATH"], "PORT": "nonsense"}
    imported = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert imported.returncode == 0, imported.stderr
