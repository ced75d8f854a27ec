"""What all commands share: settings, services, and errors as sentences for a person."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

from contactsvc.accounts.current_user.invalidation import track_invalidations
from contactsvc.assembly import Services, assemble
from contactsvc.platform.database import (
    database,
    database_url,
    migrations,
    readiness,
)
from contactsvc.platform.errors import ServiceError, ValidationFailed
from contactsvc.platform.settings import Settings, SettingsError, load_settings

Result = TypeVar("Result")


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


def run(work: Callable[[Services], Awaitable[Result]]) -> Result:
    """Run ``work`` with the services that the settings ask for, and return its result.

    The database must be up to date; the embedded one is migrated first.

    Raises:
        click.ClickException: The settings do not fit, or something is refused or away.
    """
    settings = read_settings()

    async def in_database(url: str) -> Result:
        if settings.embedded:
            await migrations.migrate(url)
        services = assemble(settings, beside_the_service=True)
        async with services.closing(), database(url):
            await readiness.examine()
            changes = track_invalidations()
            result = await work(services)
            await changes.wait_until_applied()
            return result

    with readable_errors(), database_url(settings) as url:
        return asyncio.run(in_database(url))
