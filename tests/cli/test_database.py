"""The command that brings the database up to date."""

import asyncio

import asyncpg

from contactsvc.database import migrations
from tests.cli.support import Command, done
from tests.support.accounts import add_account


def test_migrate_check_compares_and_needs_no_database(command: Command) -> None:
    result = command("migrate", "--check", DATABASE_URL="postgres://nowhere.invalid/x")
    assert done(result) == "Models and migrations agree.\n"


def test_migrate_has_nothing_to_do_twice(command: Command) -> None:
    assert done(command("migrate")) == "Nothing to do.\n"


def test_migrate_tells_what_it_ran(command: Command, empty_database: str) -> None:
    ran = "".join(f"Ran {name}.\n" for name in sorted(migrations.available()))
    assert done(command("migrate", DATABASE_URL=empty_database)) == ran


async def test_migrate_makes_keys_anew_that_an_older_release_has_made(
    command: Command, pg: asyncpg.Connection
) -> None:
    await add_account(pg, "ada@example.com", name="Мар’яна", name_key="мар’яна")

    result = await asyncio.to_thread(command, "migrate")

    assert done(result) == "Rows whose search keys were made anew: 1.\n"
    assert await pg.fetchval("SELECT name_key FROM users") == "мар'яна"
