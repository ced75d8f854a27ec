"""What a scrape by Prometheus is answered with."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from prometheus_client.core import Metric

from contactsvc.platform import metrics
from contactsvc.platform.deadline import with_deadline
from contactsvc.platform.errors import Unavailable

ReadShared = Callable[[], Coroutine[Any, Any, Iterable[Metric]]]
"""Reads what all processes share, and raises Unavailable where it cannot be read."""


class Scrapes:
    """Answers scrapes; those that come at the same time are answered with the same text.

    Args:
        database_timeout: Seconds that PostgreSQL may take; without it a scrape tells all the rest.
        read_shared: Reads from PostgreSQL what belongs to no process.
    """

    def __init__(self, database_timeout: float, read_shared: ReadShared) -> None:
        self._database_timeout = database_timeout
        self._read_shared = read_shared
        self._under_way: asyncio.Task[bytes] | None = None

    async def text(self) -> bytes:
        """Return all metrics in Prometheus' text format.

        What all processes share is left out where PostgreSQL is away.
        """
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._scrape(), name="scrape")
        # Whoever goes away must not take the answer from the others.
        return await asyncio.shield(self._under_way)

    async def _scrape(self) -> bytes:
        shared: Iterable[Metric] = ()
        with suppress(Unavailable):
            shared = await with_deadline(self._read_shared(), self._database_timeout)
        return await asyncio.to_thread(metrics.render, shared)
