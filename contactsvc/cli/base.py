"""What all commands share: settings, and errors as sentences for a person."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from contactsvc.platform.errors import ServiceError, ValidationFailed
from contactsvc.platform.settings import Settings, SettingsError, load_settings


def read_settings() -> Settings:
    """Return the settings, or end the command with what is wrong with them, one a line."""
    try:
        return load_settings()
    except SettingsError as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        raise click.ClickException(f"The settings do not fit:\n{lines}") from error
    except (OSError, UnicodeError) as error:
        raise click.ClickException(f"The settings cannot be read: {error}") from error


@contextmanager
def readable_errors() -> Iterator[None]:
    """End the command with exit code 1 and one sentence where something is refused or away.

    Raises:
        click.ClickException: In place of OSError, RuntimeError and ServiceError.
    """
    try:
        yield
    except ValidationFailed as error:
        lines = [f"{pointer.strip('/')}: {detail}" for pointer, detail in error.errors]
        raise click.ClickException(" ".join(lines)) from error
    except (OSError, RuntimeError, ServiceError) as error:
        raise click.ClickException(str(error)) from error
