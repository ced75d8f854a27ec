"""What a scrape by Prometheus is answered with."""

import asyncio
from dataclasses import asdict

from contactsvc.mail import repository as outbox
from contactsvc.platform import metrics
from contactsvc.platform.errors import Unavailable
from contactsvc.web.health.service import soon


class Scrapes:
    """Answers scrapes; those that come at the same time are answered with the same text.

    Args:
        database_timeout: Seconds that PostgreSQL may take; without it a scrape tells all the rest.
    """

    def __init__(self, database_timeout: float) -> None:
        self._database_timeout = database_timeout
        self._under_way: asyncio.Task[bytes] | None = None

    async def text(self) -> bytes:
        """Return all metrics in Prometheus' text format.

        The outbox belongs to no process, so it is read from PostgreSQL, and left out where that is
        away.
        """
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(_scrape(self._database_timeout), name="scrape")
        # Whoever goes away must not take the answer from the others.
        return await asyncio.shield(self._under_way)


async def _scrape(database_timeout: float) -> bytes:
    try:
        depth = await soon(outbox.depth(), database_timeout)
    except Unavailable:
        shared = []
    else:
        shared = metrics.outbox_families(**asdict(depth))
    return await asyncio.to_thread(metrics.render, shared)
