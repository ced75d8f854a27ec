"""Commands that bring the database, and what is derived in it, up to date."""

import asyncio

import click

from contactsvc.cli.base import read_settings, readable_errors
from contactsvc.contacts import key_renewal
from contactsvc.platform.database import database, database_url, migrations
from contactsvc.platform.settings import Settings


@click.command()
@click.option("--check", is_flag=True, help="Only compare models and migrations.")
def migrate(check: bool) -> None:
    """Bring the database up to date.

    Any number may start it at once. Processes of the release before may go on
    meanwhile.
    """
    if check:
        if missing := asyncio.run(migrations.drift()):
            raise click.ClickException("No migration has:\n" + "\n".join(missing))
        click.echo("Models and migrations agree.")
        return
    settings = read_settings()
    with readable_errors():
        done, renewed = asyncio.run(_bring_up_to_date(settings))
    for name in done:
        click.echo(f"Ran {name}.")
    if renewed:
        click.echo(f"Rows whose search keys were made anew: {renewed}.")
    if not done and not renewed:
        click.echo("Nothing to do.")


async def _bring_up_to_date(settings: Settings) -> tuple[list[str], int]:
    """Return the migrations that were run, and how many rows got other keys."""
    with database_url(settings) as url:
        done = await migrations.migrate(url)
        async with database(url):
            return done, await key_renewal.renew(settings.default_region)
