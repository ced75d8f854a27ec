"""Running commands, and looking at what they did."""

import asyncio
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import asyncpg
import click
from click.testing import CliRunner, Result

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.cli import main
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.database import database
from contactsvc.platform.settings import Settings


class Command:
    """Runs the command with these settings alone."""

    def __init__(self, **environment: str) -> None:
        names = [field.name.upper() for field in fields(Settings)]
        files = [f"{name}_FILE" for name in names]
        self._environment: dict[str, str | None] = {
            **dict.fromkeys([*names, *files]),
            **environment,
        }

    def __call__(self, *arguments: str, stdin: str | bytes = "", **environment: str) -> Result:
        runner = CliRunner()
        env = {**self._environment, **environment}
        return runner.invoke(main, arguments, input=stdin, env=env)


def commands(group: click.Group = main, *above: str) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Go through all commands: the words that call each, and whether it is but a group."""
    for name, command in commands_of(group):
        is_group = isinstance(command, click.Group)
        yield (*above, name), is_group
        if isinstance(command, click.Group):
            yield from commands(command, *above, name)


def commands_of(group: click.Group) -> Iterator[tuple[str, click.Command]]:
    """Import and yield the commands of a group with their names."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield name, command


def done(result: Result) -> str:
    """Assert that a command did its work without complaints, and return what it printed."""
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def readable_failure(result: Result) -> str:
    """Assert that a command failed in words for a person, and return them."""
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit), repr(result.exception)
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert len(result.stderr) > len("Error: \n")
    assert "Traceback" not in result.stderr
    return result.stderr


def one_line(result: Result) -> str:
    """Assert that a command failed in one line, and return it."""
    line = readable_failure(result)
    assert line.count("\n") == 1
    return line


async def _ignore(user_id: int, version: int) -> None:
    pass


def add_account(url: str, email: str, name: str = "", **columns: Any) -> None:
    """Add an account that nobody can sign in to."""

    async def add() -> None:
        async with database(url):
            user_id = await UserRepository(_ignore, address_books).create(email, "a hash", name)
        for column, value in columns.items():
            await fetch(url, f"UPDATE users SET {column} = $1 WHERE id = $2", value, user_id)

    asyncio.run(add())


async def fetch(url: str, query: str, *arguments: Any) -> list[dict[str, Any]]:
    """Run one statement on a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        return [dict(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


def rows(url: str, query: str, *arguments: Any) -> list[dict[str, Any]]:
    """Run one statement where no loop runs."""
    return asyncio.run(fetch(url, query, *arguments))


def account(url: str, email: str) -> dict[str, Any]:
    """Return the row of an account."""
    [row] = rows(url, "SELECT * FROM users WHERE email = $1", email)
    return row


def events(url: str) -> list[str]:
    """Return the audit log; each event must be by nobody from nowhere."""
    log = rows(url, "SELECT event, actor_id, ip FROM audit_events ORDER BY id")
    assert all(row["actor_id"] is None and row["ip"] == "" for row in log)
    return [row["event"] for row in log]
