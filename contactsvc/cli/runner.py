"""Runs what a command does with the services and the database."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from contactsvc.accounts.current_user.invalidation import track_invalidations
from contactsvc.assembly import Services, assemble
from contactsvc.cli.base import read_settings, readable_errors
from contactsvc.platform import memory
from contactsvc.platform.database import database, database_url, readiness

Result = TypeVar("Result")


def run(work: Callable[[Services], Awaitable[Result]]) -> Result:
    """Run ``work`` with the services that the settings ask for, and return its result.

    The database must be up to date; the embedded one is migrated first.

    Raises:
        click.ClickException: The settings do not fit, or something is refused or away.
    """
    settings = read_settings()

    async def in_database(url: str) -> Result:
        if settings.embedded:
            from contactsvc.platform.database import migrations

            await migrations.migrate(url)
        services = assemble(settings, beside_the_service=True)
        async with services.closing(), database(url):
            await readiness.examine()
            changes = track_invalidations()
            result = await work(services)
            await changes.wait_until_applied()
            return result

    with memory.rare_collections(), readable_errors(), database_url(settings) as url:
        return asyncio.run(in_database(url))
