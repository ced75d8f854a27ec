"""Health: told part by part, and only what the service cannot do without makes it ill."""

import asyncpg
import pytest
from redis.asyncio import Redis

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.mail import repository as outbox
from contactsvc.platform.database import database, migration_state
from contactsvc.platform.errors import Unavailable
from contactsvc.platform.redis.connection import connect
from contactsvc.web.draining import Draining
from contactsvc.web.health.service import Health
from tests.support.waiting import PATIENCE

NO_POSTGRES = "postgres://postgres@127.0.0.1:1/contacts"
NO_REDIS = "redis://127.0.0.1:1"

LOSE_A_SHARD = """
ALTER TABLE address_books RENAME TO kept;
CREATE FUNCTION ask_a_shard() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN
    RAISE 'connection to the remote node worker-2:5432 failed' USING ERRCODE = 'connection_failure';
END $$;
CREATE VIEW address_books AS SELECT ask_a_shard() AS owner_id;
"""
"""Makes PostgreSQL say what Citus says where one of its servers is away."""
FIND_IT = """
DROP VIEW address_books; DROP FUNCTION ask_a_shard; ALTER TABLE kept RENAME TO address_books;
"""


@pytest.fixture
def cache(redis: Redis) -> CurrentUserCache:
    return CurrentUserCache(redis, 60, 900, PATIENCE)


def health(cache: CurrentUserCache) -> Health:
    return Health(cache, outbox.is_stuck, address_books.reach_all, Draining(), 60)


async def test_all_is_well(orm: None, cache: CurrentUserCache) -> None:
    parts = {"database", "migrations", "cache", "mail"}
    assert await health(cache).check() == dict.fromkeys(parts, "ok")


async def test_a_lost_redis_is_no_illness(orm: None) -> None:
    redis = connect(NO_REDIS)
    checks = await health(CurrentUserCache(redis, 60, 900)).check()
    await redis.aclose()
    assert checks["cache"] == "away"
    assert checks["database"] == "ok"


async def test_a_lost_shard_is_no_illness(
    orm: None, cache: CurrentUserCache, pg: asyncpg.Connection
) -> None:
    await pg.execute(LOSE_A_SHARD)
    try:
        checks = await health(cache).check()
    finally:
        await pg.execute(FIND_IT)
    assert checks == dict.fromkeys(checks, "ok") | {"database": "partly away"}
    assert (await health(cache).check())["database"] == "ok"


async def test_a_lost_postgresql_is(cache: CurrentUserCache) -> None:
    async with database(NO_POSTGRES):
        with pytest.raises(Unavailable) as error:
            await health(cache).check()
    assert error.value.checks == {
        "database": "away",
        "migrations": "unknown",
        "cache": "ok",
        "mail": "ok",
    }


async def test_migrations_that_are_due_are(
    orm: None, cache: CurrentUserCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = migration_state.available() | {"1_20270101000000_newer.py"}
    monkeypatch.setattr(migration_state, "available", lambda: newer)
    with pytest.raises(Unavailable, match="contactsvc migrate") as error:
        await health(cache).check()
    assert error.value.checks is not None
    assert (error.value.checks["database"], error.value.checks["migrations"]) == ("ok", "due")


async def test_migrations_of_a_newer_version_are_no_illness(
    orm: None, cache: CurrentUserCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    # While hosts are renewed one by one, the old ones see the new one's tables.
    monkeypatch.setattr(migration_state, "available", frozenset)
    assert (await health(cache).check())["migrations"] == "ok"


async def test_a_process_that_is_about_to_stop_sends_others_elsewhere(
    orm: None, cache: CurrentUserCache
) -> None:
    draining = Draining()
    draining.begin(5)
    with pytest.raises(Unavailable, match="about to stop"):
        await Health(cache, outbox.is_stuck, address_books.reach_all, draining, 60).check()
