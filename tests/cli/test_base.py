"""The command as a whole: help, and what it says about wrong settings and absent engines."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest

from contactsvc import __version__
from contactsvc.cli import main
from tests.cli.support import Command, one_line, readable_failure


def paths(group: click.Group = main, *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*above, name)
        if isinstance(command, click.Group):
            yield from paths(command, *above, name)


WITHOUT_DATABASE = {"serve", "check-config", "openapi", "send-test-email"}
USING_DATABASE = [
    ("migrate",),
    ("confirm", "x@example.com"),
    ("create-admin", "x@example.com"),
    ("set-role", "x@example.com", "user"),
    ("disable", "x@example.com"),
    ("enable", "x@example.com"),
    ("sessions", "end", "x@example.com"),
    ("users", "list"),
    ("outbox", "list"),
    ("outbox", "retry", "1"),
    ("seed-demo",),
]
PASSWORD = "correct horse battery staple\n"


def test_every_command_is_tried_without_its_database() -> None:
    tried = {arguments[: 2 if arguments[0] in GROUPS else 1] for arguments in USING_DATABASE}
    leaves = {path for path in paths() if path[-1] not in GROUPS}
    assert tried | {(name,) for name in WITHOUT_DATABASE} == leaves


GROUPS = {name for name, each in main.commands.items() if isinstance(each, click.Group)}


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command_with_a_whole_sentence(command: Command, option: str) -> None:
    result = command(option)
    assert result.exit_code == 0
    for name in main.commands:
        assert f"  {name} " in result.output
    assert "..." not in result.output.split("Commands:")[1]


@pytest.mark.parametrize("path", sorted(paths()), ids=" ".join)
def test_every_command_has_help_that_needs_no_settings(
    command: Command, path: tuple[str, ...]
) -> None:
    result = command(*path, "--help", PORT="nonsense")
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


def test_version(command: Command) -> None:
    assert __version__ in command("--version").output


@pytest.mark.parametrize(
    "arguments",
    [
        ("explode",),
        ("users", "explode"),
        ("confirm",),
        ("set-role", "x@example.com", "emperor"),
        ("outbox", "retry", "nought"),
        ("outbox", "retry", str(2**63)),
        ("outbox", "list", "--status", "lost"),
        ("create-admin", "x@example.com", "--password", "secret"),
        ("create-admin", "x@example.com", "--password-file", "there-is-none"),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_as_such(command: Command, arguments: tuple[str, ...]) -> None:
    result = command(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Usage: ")


@pytest.mark.parametrize(
    "arguments",
    [*USING_DATABASE, ("serve",), ("check-config",), ("send-test-email", "x@example.com")],
    ids=" ".join,
)
def test_wrong_settings_are_told_one_a_line(command: Command, arguments: tuple[str, ...]) -> None:
    result = command(*arguments, stdin=PASSWORD, PORT="x", LOG_LEVEL="LOUD", SECRET_KEY="short")
    lines = readable_failure(result).splitlines()
    assert lines[0] == "Error: The settings do not fit:"
    assert sorted(line.split(":")[0].strip() for line in lines[1:]) == [
        "LOG_LEVEL",
        "PORT",
        "SECRET_KEY",
    ]


@pytest.mark.parametrize("arguments", USING_DATABASE, ids=" ".join)
def test_a_database_that_is_away_is_told_readably(
    command: Command, arguments: tuple[str, ...]
) -> None:
    url = "postgres://postgres:hunter2@127.0.0.1:1/contacts"
    assert "hunter2" not in one_line(command(*arguments, stdin=PASSWORD, DATABASE_URL=url))


@pytest.mark.parametrize("arguments", [("migrate",), ("confirm", "x@example.com")])
def test_a_database_that_is_not_there_is_told_readably(
    command: Command, postgres_url: str, arguments: tuple[str, ...]
) -> None:
    url = urlsplit(postgres_url)._replace(path="/there_is_none").geturl()
    one_line(command(*arguments, DATABASE_URL=url))


@pytest.mark.parametrize("arguments", [("migrate",), ("confirm", "x@example.com")])
def test_a_database_account_that_is_not_there_is_told_readably(
    command: Command, postgres_url: str, arguments: tuple[str, ...]
) -> None:
    url = postgres_url.replace("postgres@", "nobody_at_all@")
    one_line(command(*arguments, DATABASE_URL=url))


@pytest.mark.parametrize(
    "arguments", [a for a in USING_DATABASE if a != ("migrate",)], ids=" ".join
)
def test_a_database_before_any_migration_is_told_readably(
    command: Command, empty_database: str, arguments: tuple[str, ...]
) -> None:
    result = command(*arguments, stdin=PASSWORD, DATABASE_URL=empty_database)
    assert "contactsvc migrate" in one_line(result)


def test_a_data_folder_that_cannot_be_is_told_readably(command: Command, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    inside = str(tmp_path / "file" / "var")
    # All embedded: only then is there something to write.
    embedded = {"DATABASE_URL": "", "REDIS_URL": "", "SECRET_KEY": ""}
    assert inside in one_line(command("check-config", DATA_DIR=inside, **embedded))


def test_an_environment_file_that_is_no_text_is_told_readably(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes(b"MAIL_FROM=\xff\n")
    assert "cannot be read" in one_line(command("check-config"))
