"""What tests of the database wait for."""

import asyncio
from collections.abc import Callable
from typing import Final

import asyncpg

from contactsvc.platform.metrics import render
from tests.support.scrapes import Scrape

PATIENT: Final = 600.0
"""Seconds that a request waits: no machine is so busy. Where they must pass, a clock is moved."""

BOUND: Final = 60.0
"""Seconds after which a test hangs."""

OPEN: Final = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE application_name = 'contactsvc' AND datname = current_database()"
)

KILL: Final = OPEN.replace("count(*)", "count(pg_terminate_backend(pid))")


def waiting() -> float:
    """Return how many wait for a connection of a pool."""
    return Scrape(render().decode()).value("db_pool_waiting")


def given_up_waits() -> float:
    """Return how many have waited for a connection in vain."""
    return Scrape(render().decode()).value("db_pool_timeouts_total")


def used() -> float:
    """Return how many connections of pools are in use."""
    return Scrape(render().decode()).value("db_pool_connections", state="used")


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(BOUND):
        while not condition():
            await asyncio.sleep(0.01)


async def until_none_is_open(pg: asyncpg.Connection) -> None:
    """PostgreSQL notices a moment after the client that a connection is gone."""
    async with asyncio.timeout(BOUND):
        while await pg.fetchval(OPEN):
            await asyncio.sleep(0.01)
