"""What tests of the database wait for."""

import asyncio
from typing import Final

import asyncpg
from prometheus_client.metrics import MetricWrapperBase

from contactsvc.platform.metrics import DB_POOL_CONNECTIONS, DB_POOL_TIMEOUTS, DB_POOL_WAITING
from tests.support.waiting import PATIENCE

PATIENT: Final = 600.0
"""Seconds that a request waits: no machine is so busy. Where they must pass, a clock is moved."""

OPEN: Final = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'contactsvc' AND datname = current_database()"
)

KILL: Final = OPEN.replace("count(*)", "count(pg_terminate_backend(pid))")


def waiting() -> float:
    """Return how many wait for a connection of a pool."""
    return _value(DB_POOL_WAITING)


def given_up_waits() -> float:
    """Return how many have waited for a connection in vain."""
    return _value(DB_POOL_TIMEOUTS)


def used() -> float:
    """Return how many connections of pools are in use."""
    return _value(DB_POOL_CONNECTIONS, state="used")


def _value(metric: MetricWrapperBase, **labels: str) -> float:
    """Return the sum of a metric's samples with these labels; to scrape all would take longer."""
    return sum(
        sample.value
        for family in metric.collect()
        for sample in family.samples
        if labels.items() <= sample.labels.items()
    )


async def until_none_is_open(pg: asyncpg.Connection) -> None:
    """PostgreSQL notices a moment after the client that a connection is gone."""
    async with asyncio.timeout(PATIENCE):
        while await pg.fetchval(OPEN):
            await asyncio.sleep(0.01)
