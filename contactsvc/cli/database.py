"""The command that brings the database up to date."""

import asyncio

import click

from contactsvc.cli.base import read_settings, readable_errors
from contactsvc.database import migrations


@click.command()
@click.option("--check", is_flag=True, help="Only compare models and migrations.")
def migrate(check: bool) -> None:
    """Bring the database up to date.

    Any number may start it at once.
    """
    if check:
        if missing := asyncio.run(migrations.drift()):
            raise click.ClickException("No migration has:\n" + "\n".join(missing))
        click.echo("Models and migrations agree.")
        return
    settings = read_settings()
    with readable_errors():
        done = asyncio.run(migrations.migrate_from(settings))
    for name in done:
        click.echo(f"Ran {name}.")
    if not done:
        click.echo("Nothing to do.")
