"""Commands about the service itself, none of which needs a database."""

import asyncio
from contextlib import aclosing

import click
import orjson
from redis.exceptions import RedisError

from contactsvc.cli.base import read_settings
from contactsvc.platform.database import database, readiness
from contactsvc.platform.errors import MigrationsDue, Unavailable
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.settings import SETTINGS, Settings
from contactsvc.platform.settings.data_dir import unwritable
from contactsvc.platform.settings.setting import written
from contactsvc.routes import ROUTES
from contactsvc.web.openapi import build_document


@click.command()
@click.option(
    "--connect", "connecting", is_flag=True, help="Try PostgreSQL, Redis and DATA_DIR, too."
)
def check_config(connecting: bool) -> None:
    """Print every setting, or what is wrong with them."""
    settings = read_settings()
    if connecting and (problems := asyncio.run(_faults(settings))):
        lines = "\n".join(f"  {problem}" for problem in problems)
        raise click.ClickException(f"The settings do not work:\n{lines}")
    for setting in SETTINGS:
        value = getattr(settings, setting.name)
        shown = "***" if value and setting.secret else written(value)
        click.echo(f"{setting.variable}={shown}")


async def _faults(settings: Settings) -> list[str]:
    """Try the parts that the settings name, and return a line for each that does not work."""
    problems = [await _database(settings), await _redis(settings)]
    if not (settings.database_url and settings.smtp_url and settings.cloudinary_url):
        problems.append(unwritable(settings.data_dir))
    return [problem for problem in problems if problem]


async def _database(settings: Settings) -> str | None:
    if settings.database_url is None:
        return None  # it would have to be started
    try:
        async with database(settings.database_url):
            await readiness.examine()
    except MigrationsDue:
        return None  # which no setting is to blame for
    except Unavailable as error:
        reason = str(error.__cause__ or "").partition("\n")[0]
        return f"DATABASE_URL: {error}" + (f" ({reason})" if reason not in str(error) else "")
    return None


async def _redis(settings: Settings) -> str | None:
    async with aclosing(connect(settings.redis_url, settings.redis_timeout)) as redis:
        try:
            await redis.ping()
        except (RedisError, OSError) as error:
            return f"REDIS_URL: {(str(error).splitlines() or [type(error).__name__])[0]}"
    return None


@click.command()
def openapi() -> None:
    """Print the OpenAPI document."""
    click.echo(orjson.dumps(orjson.loads(build_document(ROUTES)), option=orjson.OPT_INDENT_2))
