"""One process that serves, and what a person sees of it."""

import asyncio
import gc
import signal
import socket

import click
import uvloop
from aiohttp import web

from contactsvc import __version__
from contactsvc.app import create_app, freeze_garbage
from contactsvc.assembly import assemble
from contactsvc.cli.base import readable_errors
from contactsvc.platform import logs, memory, sockets
from contactsvc.platform.settings import Settings
from contactsvc.web.keys import SERVICES
from contactsvc.web.middleware.access_log import AccessLog


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C.

    Raises:
        click.ClickException: A port is taken, or something is refused or away.
    """
    gc.freeze()  # modules live as long as the process: no collection need look at them
    memory.share_one_arena()
    logs.configure(settings.log_level, settings.log_format)
    # A closed terminal ends the service as Ctrl-C does, and so PostgreSQL with it.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGINT))
    listening = _sockets(settings)
    app = create_app(assemble(settings))
    app.on_startup.extend([_drain_on_sigterm, freeze_garbage])
    app.cleanup_ctx.append(memory.trimming)
    with readable_errors():
        web.run_app(
            app,
            sock=listening,
            loop=uvloop.new_event_loop(),
            access_log_class=AccessLog,
            shutdown_timeout=settings.shutdown_timeout,
            print=lambda _: _welcome_all(settings, listening),
        )


def _welcome_all(settings: Settings, listening: list[socket.socket]) -> None:
    if not all(map(sockets.listens, listening)):
        raise click.ClickException(
            f"PORT: {settings.port} is taken; set PORT to another one, or end what listens."
        )
    click.echo(_welcome(settings))


def _sockets(settings: Settings) -> list[socket.socket]:
    try:
        return sockets.bound(settings.host, settings.port)
    except sockets.CannotListen as error:
        raise click.ClickException(str(error)) from error


async def _drain_on_sigterm(app: web.Application) -> None:
    """Let the first SIGTERM stop the service after a while, and the second one at once."""
    loop = asyncio.get_running_loop()
    draining, delay = app[SERVICES].draining, app[SERVICES].settings.shutdown_delay

    def stop() -> None:
        signal.raise_signal(signal.SIGINT)

    def terminate() -> None:
        if draining.is_on:
            stop()
            return
        draining.begin(delay)
        loop.call_later(delay, stop)

    loop.add_signal_handler(signal.SIGTERM, terminate)


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
