"""Renders the metrics for scrapes by Prometheus."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Any

from prometheus_client.core import Metric

from contactsvc.platform import metrics
from contactsvc.platform.deadline import with_deadline
from contactsvc.platform.errors import Unavailable

ReadShared = Callable[[], Coroutine[Any, Any, Iterable[Metric]]]
"""Reads the metrics that all processes share; raises Unavailable if PostgreSQL is away."""


class Scrapes:
    """Renders metrics; scrapes at the same time share one rendering.

    Args:
        database_timeout: Seconds that PostgreSQL may take; later, its metrics are left out.
        read_shared: Reads the metrics that are kept in PostgreSQL.
    """

    def __init__(self, database_timeout: float, read_shared: ReadShared) -> None:
        self._database_timeout = database_timeout
        self._read_shared = read_shared
        self._under_way: asyncio.Task[bytes] | None = None

    async def text(self) -> bytes:
        """Return all metrics in Prometheus' text format.

        Metrics that are read from PostgreSQL are left out while it is away.
        """
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._scrape(), name="scrape")
        # A client that goes away cancels its request, which must not cancel the others' scrape.
        return await asyncio.shield(self._under_way)

    async def _scrape(self) -> bytes:
        shared: Iterable[Metric] = ()
        with suppress(Unavailable):
            shared = await with_deadline(self._read_shared(), self._database_timeout)
        return await asyncio.to_thread(metrics.render, shared)
