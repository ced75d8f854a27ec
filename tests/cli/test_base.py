"""What any command says about wrong settings and absent engines, and whom it tells of its work."""

import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contactsvc.accounts.current_user.invalidation import InvalidationTracker
from tests.cli.conftest import KEY
from tests.cli.support import (
    Command,
    account,
    add_account,
    commands,
    one_line,
    readable_failure,
    rows,
)

WITHOUT_DATABASE = {("serve",), ("check-config",), ("openapi",), ("send-test-email",)}
USING_DATABASE = [
    ("migrate",),
    ("confirm", "x@example.com"),
    ("create-admin", "x@example.com"),
    ("set-role", "x@example.com", "user"),
    ("disable", "x@example.com"),
    ("enable", "x@example.com"),
    ("sessions", "end", "x@example.com"),
    ("app-passwords", "list", "x@example.com"),
    ("app-passwords", "create", "x@example.com", "phone"),
    ("app-passwords", "revoke", "x@example.com", "1"),
    ("users", "list"),
    ("users", "delete", "x@example.com", "--yes"),
    ("audit",),
    ("outbox", "list"),
    ("outbox", "retry", "1"),
    ("seed-demo",),
    ("import", __file__, "--user", "x@example.com"),
    ("export", "--user", "x@example.com"),
    ("rebuild-keys",),
]
PASSWORD = "correct horse battery staple\n"


def test_every_command_is_tried_without_its_database() -> None:
    working = {path for path, is_group in commands() if not is_group}
    tried = {path for path in working for used in USING_DATABASE if used[: len(path)] == path}

    assert tried | WITHOUT_DATABASE == working


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
    for arguments in (("check-config",), ("serve",), ("users", "list")):
        said = readable_failure(command(*arguments, DATA_DIR=inside, **embedded))
        assert f"DATA_DIR: {inside} cannot be written to: Not a directory." in said
    embedded["SECRET_KEY"] = KEY
    said = one_line(command("users", "list", DATA_DIR=inside, **embedded))
    assert said == f"Error: DATA_DIR: {inside} cannot be written to: Not a directory.\n"


def test_an_environment_file_that_is_no_text_is_told_readably(
    command: Command, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes(b"MAIL_FROM=\xff\n")
    assert "cannot be read" in one_line(command("check-config"))


@pytest.mark.usefixtures("pg")
def test_a_redis_that_is_away_does_not_hinder_and_is_told_later(
    command: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running service reads what is pending, and tells Redis when it is back."""
    waited: list[bool] = []

    async def wait_until_applied(work: InvalidationTracker) -> None:
        waited.append(work.is_pending)

    monkeypatch.setattr(InvalidationTracker, "wait_until_applied", wait_until_applied)
    add_account(postgres_url, "ada@example.com")
    result = command("disable", "ada@example.com", REDIS_URL="redis://127.0.0.1:1/0")
    assert result.exit_code == 0
    user = account(postgres_url, "ada@example.com")
    assert user["is_active"] is False
    [pending] = rows(postgres_url, "SELECT user_id, version FROM pending_invalidations")
    assert pending == {"user_id": user["id"], "version": user["version"]}
    assert waited == [True], "it ends when the change counts in every process"


@pytest.mark.usefixtures("pg")
def test_a_command_needs_no_redis_of_its_own(
    command: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An image has none: whoever runs a service with the embedded one has it beside that."""
    monkeypatch.setitem(sys.modules, "fakeredis", None)  # as if it were not installed
    add_account(postgres_url, "ada@example.com")

    result = command("disable", "ada@example.com", REDIS_URL="")

    assert result.exit_code == 0, result.output
    assert account(postgres_url, "ada@example.com")["is_active"] is False
