"""Runs the migrations that Aerich keeps in ``migrations/``, one starter at a time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aerich import Command
from aerich.migrate import Migrate
from aerich.utils import get_models_describe

from contactsvc.platform.database.connection import APP, MODELS, database, tortoise_config
from contactsvc.platform.database.migration_state import LOCATION, applied
from contactsvc.platform.errors import MigrationsDue
from contactsvc.platform.settings import load_settings

PLACEHOLDER_URL: Final = "postgres://localhost/contactsvc"
"""Stands where Tortoise wants a URL but nothing connects."""

ADVISORY_LOCK: Final = 0x636F6E74616374  # "contact"
"""The key under which PostgreSQL lets one migration run at a time."""


def __getattr__(name: str) -> Any:
    """Give Aerich's command line its TORTOISE_ORM, made only when it asks."""
    if name == "TORTOISE_ORM":
        return _config(load_settings().database_url or PLACEHOLDER_URL)
    raise AttributeError(name)


def _config(url: str) -> dict[str, Any]:
    return tortoise_config(url, models=_MODELS, statement_timeout=STATEMENT_TIMEOUT)


_MODELS: Final = (MODELS, "aerich.models")
_TRY_LOCK: Final = f"SELECT pg_try_advisory_lock({ADVISORY_LOCK})"

LOCK_TIMEOUT: Final = 3600
"""Seconds to wait for somebody else's migration."""
STATEMENT_TIMEOUT: Final = 6 * 3600.0
"""Seconds that a statement of a migration may take: an index of a large table."""
LOCK_INTERVAL: Final = 0.2
"""Seconds from one look whether it has ended to the next."""


async def migrate(url: str) -> list[str]:
    """Bring the database up to date and return the migrations that were run.

    Any number may start it at once: one works while the others wait, and then find nothing to do.
    """
    async with _aerich(url) as aerich:
        return await aerich.upgrade()


async def downgrade(url: str) -> list[str]:
    """Take every migration back, the newest first, and return them."""
    undone = []
    async with _aerich(url) as aerich:
        while await applied():
            undone += await aerich.downgrade(version=-1, delete=False)
    return undone


async def drift() -> list[str]:
    """Return the SQL that is missing between the newest migration and the models, if any."""
    aerich = Command(_config(PLACEHOLDER_URL), APP, str(LOCATION))
    await aerich.init(offline=True)
    migrated = Migrate._last_version_content or {}  # noqa: SLF001 - Aerich has no public name for it
    Migrate.upgrade_operators.clear()  # Aerich gathers them on the class
    Migrate.diff_models(migrated, get_models_describe(APP), no_input=True)
    return list(Migrate.upgrade_operators)


@asynccontextmanager
async def _aerich(url: str) -> AsyncIterator[Command]:
    """Give Aerich, in a database that nobody else is migrating."""
    # Aerich takes this pool, and makes none of its own configuration.
    pool = database(url, pool_size=2, models=_MODELS, statement_timeout=STATEMENT_TIMEOUT)
    async with pool as context, context.db().acquire_connection() as lock:
        # The lock belongs to this connection: should the process die, PostgreSQL releases it.
        async with asyncio.timeout(LOCK_TIMEOUT):
            # Waiting in a statement would hold up CREATE INDEX CONCURRENTLY, which waits for it.
            while not await lock.fetchval(_TRY_LOCK):  # noqa: ASYNC110 - another process has it
                await asyncio.sleep(LOCK_INTERVAL)
        command = Command(_config(url), APP, str(LOCATION))
        try:
            await command.init()
            yield command
        except MigrationsDue as error:  # what a migration needs is not there
            raise RuntimeError(f"A migration has failed: {error.__cause__}") from error
