"""Where a command gets a password: never from an argument, which others on the machine can read."""

import sys
from pathlib import Path
from typing import Any

import click

password_file = click.option(
    "--password-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Read the password from the first line of this file.",
)
"""The option of commands that set a password."""


def new_password(file: Path | None) -> str:
    """Return the password that an account is to have.

    Args:
        file: A file whose first line it is. Without one it is typed twice into a terminal, or is
            the first line of standard input.
    """
    if file is None and sys.stdin.isatty():
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return typed
    return read_password(file)


def read_password(file: Path | None) -> str:
    """Return the first line of ``file``, or of standard input.

    Raises:
        click.ClickException: It cannot be read, or is not UTF-8.
    """
    try:
        if file is None:
            return _without_end(sys.stdin.readline())
        with file.open(encoding="utf-8") as lines:
            return _without_end(lines.readline())
    except (OSError, UnicodeError) as error:
        raise click.ClickException(f"The password cannot be read: {_reason(error)}") from error


def _without_end(line: str) -> str:
    return line.rstrip("\r\n")


def _reason(error: Any) -> str:
    # The message of a UnicodeError shows what it could not read.
    return "it is not UTF-8." if isinstance(error, UnicodeError) else str(error.strerror or error)
