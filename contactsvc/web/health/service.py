"""How the service and the parts it stands on are doing."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.mail import repository as outbox
from contactsvc.platform.database import readiness
from contactsvc.platform.errors import MigrationsDue, Misconfigured, Unavailable
from contactsvc.web.draining import Draining

T = TypeVar("T")

PATIENCE: Final = 1.5
"""Of the seconds that a request waits for PostgreSQL, so that its own time-out may say it first."""

MAIL_PATIENCE: Final = 300
"""Seconds that a mail may wait since it was asked for, however often it is tried."""


async def check(
    cache: CurrentUserCache, draining: Draining, database_timeout: float
) -> dict[str, str]:
    """Return the state of each part: ``ok``, or what is wrong with it.

    Args:
        cache: Asked whether Redis answers.
        draining: Whether this process is about to stop.
        database_timeout: Seconds that a request waits for PostgreSQL.

    Raises:
        Unavailable: PostgreSQL is away or wrongly set up, migrations are due, or this process is
            about to stop.
    """
    if draining.is_on:
        raise Unavailable("This process is about to stop; send requests to another one.")
    checks = {
        "database": "ok",
        "migrations": "ok",
        "cache": "away" if await cache.is_away() else "ok",
        "mail": "ok",
    }
    try:
        await soon(readiness.examine(), PATIENCE * database_timeout)
    except MigrationsDue as error:
        raise Unavailable(error.detail, checks | {"migrations": "due"}) from error
    except Misconfigured as error:
        checks |= {"database": "misconfigured", "migrations": "unknown"}
        raise Unavailable(error.detail, checks) from error
    except Unavailable as error:
        checks |= {"database": "away", "migrations": "unknown"}
        raise Unavailable("PostgreSQL does not answer.", checks) from error
    # Dead letters are no illness: what is wrong with them is wrong with their addresses.
    if await outbox.is_stuck(MAIL_PATIENCE):
        checks["mail"] = "stuck"
    return checks


async def soon(work: Coroutine[Any, Any, T], patience: float) -> T:
    """Return what ``work`` returns, if it does so within ``patience`` seconds.

    Raises:
        Unavailable: It does not. It is left to itself then: a server that hangs would keep even its
            cancellation waiting.
    """
    task = asyncio.create_task(work)
    done, _ = await asyncio.wait({task}, timeout=patience)
    if not done:
        task.add_done_callback(lambda late: late.cancelled() or late.exception())
        raise Unavailable
    return await task
