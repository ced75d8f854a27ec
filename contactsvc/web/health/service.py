"""Checks PostgreSQL, migrations, Redis and the outbox."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final, Protocol

from contactsvc.platform.database import readiness
from contactsvc.platform.deadline import with_deadline
from contactsvc.platform.errors import MigrationsDue, Misconfigured, Unavailable
from contactsvc.web.draining import Draining

TIMEOUT_FACTOR: Final = 1.5
"""Factor on DATABASE_TIMEOUT: the database's own time-out ends first, and says more."""

MAIL_STUCK_AFTER: Final = 300
"""Seconds after which a mail that is still not sent counts as stuck, however often it was tried."""


class Cache(Protocol):
    """The part of the cache that Health uses."""

    async def is_away(self) -> bool:
        """Return whether Redis does not answer."""


class Health:
    """Checks every part of the service.

    Args:
        cache: The cache in Redis.
        is_mail_stuck: Returns whether a mail has waited for more than so many seconds.
        reach_all_books: Raises Unavailable if a server that has address books is away.
        draining: Whether this process is about to stop.
        database_timeout: Seconds that a request waits for PostgreSQL.
    """

    def __init__(
        self,
        cache: Cache,
        is_mail_stuck: Callable[[int], Awaitable[bool]],
        reach_all_books: Callable[[], Coroutine[Any, Any, None]],
        draining: Draining,
        database_timeout: float,
    ) -> None:
        self._cache = cache
        self._is_mail_stuck = is_mail_stuck
        self._reach_all_books = reach_all_books
        self._draining = draining
        self._database_timeout = database_timeout

    async def check(self) -> dict[str, str]:
        """Return the state of each part: ``ok``, or what is wrong with it.

        Raises:
            Unavailable: PostgreSQL is away or wrongly set up, migrations are due, or this process
                is about to stop.
        """
        if self._draining.is_on:
            raise Unavailable("This process is about to stop; send requests to another one.")
        checks = {
            "database": "ok",
            "migrations": "ok",
            "cache": "away" if await self._cache.is_away() else "ok",
            "mail": "ok",
        }
        try:
            await self._in_time(readiness.examine())
        except MigrationsDue as error:
            raise Unavailable(error.detail, checks | {"migrations": "due"}) from error
        except Misconfigured as error:
            checks |= {"database": "misconfigured", "migrations": "unknown"}
            raise Unavailable(error.detail, checks) from error
        except Unavailable as error:
            checks |= {"database": "away", "migrations": "unknown"}
            raise Unavailable("PostgreSQL does not answer.", checks) from error
        # Mails that were given up do not count: the fault is mostly in their addresses.
        if await self._is_mail_stuck(MAIL_STUCK_AFTER):
            checks["mail"] = "stuck"
        try:
            await self._in_time(self._reach_all_books())
        except Unavailable:  # whoever else's books are elsewhere is served
            checks["database"] = "partly away"
        return checks

    async def _in_time(self, work: Coroutine[Any, Any, None]) -> None:
        await with_deadline(work, TIMEOUT_FACTOR * self._database_timeout)
