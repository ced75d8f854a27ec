"""The command that serves."""

import os
import sys

import click

from contactsvc.cli.base import read_settings
from contactsvc.platform import memory


@click.command()
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes that serve; more than one needs REDIS_URL. WORKERS says how many by default.",
)
def serve(workers: int | None) -> None:
    """Serve the API until Ctrl-C."""
    settings = read_settings()
    count = workers or settings.workers
    if count > 1 and settings.redis_url is None:
        raise click.ClickException(
            "More than one worker needs a Redis that they share: set REDIS_URL."
        )
    if count > 1:
        command = [sys.executable, "-m", "contactsvc.workers", str(count)]
        os.execv(sys.executable, command)  # noqa: S606 - this very Python
    with memory.without_collections():
        # Not at the top: several workers import it in a program of their own.
        from contactsvc.cli import process
    process.serve(settings)
