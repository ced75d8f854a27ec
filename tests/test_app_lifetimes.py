"""Every lifetime that is set arrives at what it is of, and at nothing else."""

from datetime import timedelta

import asyncpg
import pytest
from redis.asyncio import Redis

from contactsvc.assembly import services_of
from tests.conftest import Client, MakeClient, MakePerson, Person
from tests.support.cached_users import Lifetimes
from tests.support.links import confirmation_link, reset_link
from tests.support.mailbox import Mailbox
from tests.support.waiting import PATIENCE

ACCESS, REFRESH, COPY, CONFIRMATION, RESET = 2222, 66666, 1111, 4444, 3333


async def last_session(pg: asyncpg.Connection) -> int:
    """Return the id of the session that was begun last."""
    query = "SELECT id FROM sessions ORDER BY created_at DESC LIMIT 1"
    session_id: int = await pg.fetchval(query)
    return session_id


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """A client of the only application there is: another one's worker would mail other links."""
    return await make_client(
        access_token_ttl=ACCESS,
        refresh_token_ttl=REFRESH,
        user_cache_ttl=COPY,
        confirmation_ttl=CONFIRMATION,
        reset_ttl=RESET,
    )


async def test_what_is_in_redis(
    client: Client, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    redis = services_of(client.app).cache._redis
    assert isinstance(redis, Redis)
    watch = await Lifetimes.begin(redis)
    grace = await make_person()
    goes_on, here = await last_session(pg), Person(client, grace.email, grace.tokens)
    await grace.sign_in()
    ended = await last_session(pg)
    assert (await grace.post("/api/auth/logout", json={"scope": "local"})).status == 204
    assert (await here.patch("/api/users/me", json={"name": "Amazing Grace"})).status == 200
    assert (await here.get("/api/users/me")).status == 200

    user = f"user:{{{(await pg.fetchval('SELECT id FROM users'))}}}"
    await watch.are(
        {
            user: COPY,
            f"{user}:floor": 2 * COPY + 60,
            f"{user}:session:{goes_on}": COPY,
            f"{user}:session:{ended}": ACCESS + 60,
        },
        match="user:*",
    )


async def test_what_is_in_postgresql(
    grace: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await reset_link(grace, mailbox)
    await confirmation_link(grace.client, "ada@example.com", mailbox)

    assert grace.tokens["expires_in"] == ACCESS
    links = await pg.fetch("SELECT purpose, expires_at - created_at FROM one_time_tokens")
    assert set(links) == {("reset_password", timedelta(seconds=RESET))}
    waits = "SELECT link_expires_at - asked_at FROM registrations"
    assert CONFIRMATION <= (await pg.fetchval(waits)).total_seconds() < CONFIRMATION + PATIENCE
    session = await pg.fetchval("SELECT expires_at - created_at FROM sessions")
    assert session == timedelta(seconds=REFRESH)
