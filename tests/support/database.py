"""What tests of the database wait for."""

import asyncio
from typing import Final

import asyncpg

from contactsvc.platform.metrics import render
from tests.support.scrapes import Scrape
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
    return Scrape(render().decode()).value("db_pool_waiting")


def given_up_waits() -> float:
    """Return how many have waited for a connection in vain."""
    return Scrape(render().decode()).value("db_pool_timeouts_total")


def used() -> float:
    """Return how many connections of pools are in use."""
    return Scrape(render().decode()).value("db_pool_connections", state="used")


async def until_none_is_open(pg: asyncpg.Connection) -> None:
    """PostgreSQL notices a moment after the client that a connection is gone."""
    async with asyncio.timeout(PATIENCE):
        while await pg.fetchval(OPEN):
            await asyncio.sleep(0.01)
