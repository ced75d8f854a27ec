"""The command: what it says, and with which exit code, when things go right and wrong."""

import asyncio
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
from click.testing import CliRunner, Result

from contactsvc import __version__
from contactsvc.cli import main
from contactsvc.database import database, migrations
from contactsvc.repositories.users import UserRepository
from contactsvc.settings import Settings

KEY = "kY3-for-tests-only_0123456789abcdef"


class Command:
    """Runs the command with these settings alone."""

    def __init__(self, **environment: str) -> None:
        names = [field.name.upper() for field in fields(Settings)]
        files = [f"{name}_FILE" for name in names]
        self._environment: dict[str, str | None] = {
            **dict.fromkeys([*names, *files]),
            **environment,
        }

    def __call__(self, *arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(main, arguments, env={**self._environment, **environment})


@pytest.fixture
def command(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, redis_url: str | None
) -> Command:
    monkeypatch.chdir(tmp_path)
    redis = {"REDIS_URL": redis_url} if redis_url else {}
    return Command(DATABASE_URL=postgres_url, SECRET_KEY=KEY, DATA_DIR=str(tmp_path), **redis)


def readable_failure(result: Result) -> str:
    """Assert that a command failed in words for a person, and return them."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.output.startswith("Error: ")
    assert len(result.output) > len("Error: \n")
    assert "Traceback" not in result.output
    return result.output


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command(command: Command, option: str) -> None:
    result = command(option)
    assert result.exit_code == 0
    for name, each in main.commands.items():
        assert name in result.output
        assert each.help


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_help_that_needs_no_settings(command: Command, name: str) -> None:
    result = command(name, "--help", PORT="nonsense")
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


def test_version(command: Command) -> None:
    assert __version__ in command("--version").output


def test_an_unknown_command_is_told_as_such(command: Command) -> None:
    result = command("explode")
    assert result.exit_code == 2
    assert "No such command" in result.output


def test_migrate_check_compares_and_needs_no_database(command: Command) -> None:
    result = command("migrate", "--check", DATABASE_URL="postgres://nowhere.invalid/x")
    assert result.output == "Models and migrations agree.\n"
    assert result.exit_code == 0


def test_migrate_has_nothing_to_do_twice(command: Command) -> None:
    result = command("migrate")
    assert (result.exit_code, result.output) == (0, "Nothing to do.\n")


@pytest.mark.parametrize("arguments", [("migrate",), ("confirm", "x@example.com"), ("serve",)])
def test_wrong_settings_are_told_one_a_line(command: Command, arguments: tuple[str, ...]) -> None:
    output = readable_failure(command(*arguments, PORT="x", LOG_LEVEL="LOUD", SECRET_KEY="short"))
    lines = output.splitlines()
    assert lines[0] == "Error: The settings do not fit:"
    assert sorted(line.split(":")[0].strip() for line in lines[1:]) == [
        "LOG_LEVEL",
        "PORT",
        "SECRET_KEY",
    ]


@pytest.mark.parametrize("arguments", [("migrate",), ("confirm", "x@example.com")])
def test_a_database_that_is_away_is_told_readably(
    command: Command, arguments: tuple[str, ...]
) -> None:
    url = "postgres://postgres:hunter2@127.0.0.1:1/contacts"
    assert "hunter2" not in readable_failure(command(*arguments, DATABASE_URL=url))


@pytest.mark.parametrize("arguments", [("migrate",), ("confirm", "x@example.com")])
def test_a_database_that_is_not_there_is_told_readably(
    command: Command, postgres_url: str, arguments: tuple[str, ...]
) -> None:
    url = urlsplit(postgres_url)._replace(path="/there_is_none").geturl()
    readable_failure(command(*arguments, DATABASE_URL=url))


@pytest.mark.parametrize("arguments", [("migrate",), ("confirm", "x@example.com")])
def test_a_database_account_that_is_not_there_is_told_readably(
    command: Command, postgres_url: str, arguments: tuple[str, ...]
) -> None:
    url = postgres_url.replace("postgres@", "nobody_at_all@")
    readable_failure(command(*arguments, DATABASE_URL=url))


def test_confirm_before_any_migration_is_told_readably(
    command: Command, empty_database: str
) -> None:
    readable_failure(command("confirm", "x@example.com", DATABASE_URL=empty_database))


def test_migrate_tells_what_it_ran(command: Command, empty_database: str) -> None:
    result = command("migrate", DATABASE_URL=empty_database)
    ran = "".join(f"Ran {name}.\n" for name in sorted(migrations.available()))
    assert (result.exit_code, result.output) == (0, ran)


async def ignore(user_id: int, version: int) -> None:
    pass


async def add_account(url: str, email: str) -> None:
    async with database(url):
        await UserRepository(ignore).create(email, "a hash", "")


async def account(url: str) -> asyncpg.Record:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchrow("SELECT * FROM users")
    finally:
        await connection.close()


@pytest.mark.usefixtures("pg")
def test_confirm(command: Command, postgres_url: str) -> None:
    asyncio.run(add_account(postgres_url, "Grace@example.com"))
    result = command("confirm", "grace@EXAMPLE.com")
    assert (result.exit_code, result.output) == (0, "grace@EXAMPLE.com is confirmed.\n")
    grace = asyncio.run(account(postgres_url))
    assert (grace["confirmed"], grace["auth_version"]) == (True, 2)


def test_confirm_needs_an_account(command: Command) -> None:
    output = readable_failure(command("confirm", "nobody@example.com"))
    assert "nobody@example.com" in output


def test_confirm_needs_an_e_mail(command: Command) -> None:
    result = command("confirm")
    assert result.exit_code == 2
    assert "EMAIL" in result.output
