"""The command that makes search and sort keys anew."""

import click

from contactsvc.assembly import Services
from contactsvc.cli.runner import run
from contactsvc.contacts import key_renewal


@click.command()
def rebuild_keys() -> None:
    """Make the search and sort keys of contacts anew.

    For when the rules have changed. The service may go on meanwhile; a run that was
    stopped may be repeated, and what it has left is done by the service itself.
    """

    async def work(services: Services) -> int:
        await key_renewal.mark_all()
        return await key_renewal.renew(services.settings.default_region)

    click.echo(f"Rows whose search keys were made anew: {run(work)}.")
