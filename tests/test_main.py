"""The command as a whole: help, version and wrong usage, and that ``python -m`` runs the same."""

import os
import subprocess
import sys

import pytest

from contactsvc import __version__
from contactsvc.cli import COMMANDS
from tests.cli.support import Command, commands


@pytest.fixture
def command() -> Command:
    """The command, whose settings nobody asks for."""
    return Command()


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_names_every_command_with_a_whole_sentence(command: Command, option: str) -> None:
    result = command(option)
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in result.output
    assert "..." not in result.output.split("Commands:")[1]


@pytest.mark.parametrize("path", sorted(path for path, _ in commands()), ids=" ".join)
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


@pytest.mark.parametrize("path", sorted(path for path, _ in commands()), ids=" ".join)
@pytest.mark.parametrize("option", [(), ("--query",)], ids=["argument", "option"])
def test_an_argument_that_is_not_utf_8_is_refused_in_one_line(
    command: Command, path: tuple[str, ...], option: tuple[str, ...]
) -> None:
    result = command(*path, *option, os.fsdecode(b"caf\xe9@example.com"))
    assert result.exit_code == 2
    assert (result.stdout, result.stderr) == ("", "Error: Arguments must be UTF-8.\n")


@pytest.mark.process
def test_no_bytes_of_an_argument_end_in_a_traceback() -> None:
    for arguments in ([b"caf\xe9"], [b"confirm", b"caf\xe9@example.com"]):
        program = [sys.executable.encode(), b"-m", b"contactsvc", *arguments]
        ran = subprocess.run(program, capture_output=True, timeout=120)
        assert (ran.returncode, ran.stderr) == (2, b"Error: Arguments must be UTF-8.\n")


@pytest.mark.process
def test_the_package_runs_as_the_command_does(command: Command) -> None:
    program = [sys.executable, "-m", "contactsvc", "--help"]
    printed = subprocess.run(program, capture_output=True, text=True, check=True, timeout=120)

    expected = command("--help").output
    assert printed.stdout.splitlines()[1:] == expected.splitlines()[1:]
    assert printed.stderr == ""


@pytest.mark.process
def test_what_few_requests_need_is_not_imported_before() -> None:
    code = "import contactsvc.cli.process, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    loaded = set(ran.stdout.split())
    assert "contactsvc.app" in loaded
    rare = {"PIL", "aerich", "cloudinary", "email_validator", "fakeredis", "zxcvbn"}
    assert loaded & rare == set()


@pytest.mark.process
def test_a_start_of_several_processes_imports_no_service_only_to_become_another_program() -> None:
    script = "import contactsvc.cli.serve, sys; print(*sys.modules)"
    command = [sys.executable, "-c", script]
    imported = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    assert "contactsvc.platform.settings" in imported
    assert not {"aiohttp", "tortoise", "contactsvc.app"} & set(imported)
