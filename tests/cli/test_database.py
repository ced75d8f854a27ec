"""Commands that bring the database, and what is derived in it, up to date."""

import asyncio
from urllib.parse import quote, urlsplit

import asyncpg

from contactsvc.platform.database import migration_state
from tests.cli.support import Command, done, rows
from tests.support.accounts import add_account


def number(migration: str) -> int:
    return int(migration.partition("_")[0])


def test_migrate_check_compares_and_needs_no_database(command: Command) -> None:
    result = command("migrate", "--check", DATABASE_URL="postgres://nowhere.invalid/x")
    assert done(result) == "Models and migrations agree.\n"


def test_migrate_has_nothing_to_do_twice(command: Command) -> None:
    assert done(command("migrate")) == "Nothing to do.\n"


def test_migrate_tells_what_it_ran(command: Command, empty_database: str) -> None:
    ran = "".join(f"Ran {name}.\n" for name in sorted(migration_state.available(), key=number))
    assert done(command("migrate", DATABASE_URL=empty_database)) == ran


async def test_migrate_makes_keys_anew_that_an_older_release_has_made(
    command: Command, pg: asyncpg.Connection
) -> None:
    await add_account(pg, "ada@example.com", name="Мар’яна", name_key="мар’яна")

    result = await asyncio.to_thread(command, "migrate")

    assert done(result) == "Rows whose search keys were made anew: 1.\n"
    assert await pg.fetchval("SELECT name_key FROM users") == "мар'яна"


def test_names_in_the_url_may_be_escaped_and_words_of_libpq_follow(
    command: Command, postgres_url: str
) -> None:
    role, name = "o'hara@home: 50%", "my büch/2"
    rows(postgres_url, f'CREATE ROLE "{role}" LOGIN SUPERUSER')
    rows(postgres_url, f'CREATE DATABASE "{name}" OWNER "{role}"')
    try:
        parts = urlsplit(postgres_url)
        host = parts.netloc.rpartition("@")[2]
        url = f"postgresql://{quote(role)}@{host}/{quote(name, safe='')}?{parts.query}"
        words = "application_name=my%20own&connect_timeout=30&target_session_attrs=primary"
        assert "Ran " in done(command("migrate", DATABASE_URL=f"{url}&{words}"))
        listening = rows(url, "SELECT current_user AS role, current_database() AS name")
        assert listening == [{"role": role, "name": name}]
    finally:
        rows(postgres_url, f'DROP DATABASE "{name}" WITH (FORCE)')
        rows(postgres_url, f'DROP ROLE "{role}"')
