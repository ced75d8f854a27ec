"""Secrets of birthday calendars: made, replaced and ended."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.secret import read_password
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.feed_secrets import repository
from contactsvc.accounts.feed_secrets.service import FeedSecrets
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.clock import now
from contactsvc.platform.errors import Unauthenticated
from tests.support.services import CALLER, USERS, Log, table_away

DIGESTS = "SELECT digest FROM feed_secrets WHERE user_id = $1"


@pytest.fixture
def service(orm: None) -> FeedSecrets:
    return FeedSecrets(USERS)


@pytest.fixture
async def user(orm: None, owner: int) -> CurrentUser:
    return await USERS.get(owner)


async def digests(pg: asyncpg.Connection, user: CurrentUser) -> list[str]:
    return [row["digest"] for row in await pg.fetch(DIGESTS, user.id)]


def digest(secret: str) -> str:
    read = read_password(secret)
    assert read is not None
    return read.digest


async def test_only_a_digest_of_it_is_kept(
    service: FeedSecrets, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    begun = now()

    secret = await service.create(user, CALLER)

    read = read_password(secret)
    assert read is not None
    assert read.user_id == user.id
    [row] = await pg.fetch("SELECT * FROM feed_secrets")
    assert row["digest"] == read.digest
    assert secret not in str(row)
    assert begun <= row["created_at"] <= now()
    assert await repository.made_at(user.id) == row["created_at"]


async def test_another_one_replaces_it(
    service: FeedSecrets, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    first, second = [await service.create(user, CALLER) for _ in range(2)]

    assert first != second
    assert await digests(pg, user) == [digest(second)]


async def test_of_two_at_once_one_stays(
    service: FeedSecrets, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    made = await asyncio.gather(*(service.create(user, CALLER) for _ in range(4)))

    [kept] = await digests(pg, user)
    assert kept in map(digest, made)


async def test_it_is_ended_once(
    service: FeedSecrets, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    await service.create(user, CALLER)
    for _ in range(2):
        await service.end(user.id, CALLER)

    assert await digests(pg, user) == []
    assert await repository.made_at(user.id) is None
    events = [row["event"] for row in await Log(pg).rows()]
    assert events == [Event.TOKEN_CREATED, Event.TOKEN_REVOKED]
    data = {"purpose": "birthday_feed"}
    assert await Log(pg).last() == (Event.TOKEN_REVOKED, user.id, user.id, data)


async def test_none_is_made_by_access_that_has_changed(
    service: FeedSecrets, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    """Such as by who stays signed in for a moment while the password is being changed."""
    await USERS.set_password(user.id, "another hash")

    with pytest.raises(Unauthenticated):
        await service.create(user, CALLER)

    assert await digests(pg, user) == []


async def test_what_cannot_be_recorded_is_not_made(
    service: FeedSecrets, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    secret = await service.create(user, CALLER)
    async with table_away(pg, "audit_events"):
        with pytest.raises(Exception, match="audit_events"):
            await service.create(user, CALLER)
        with pytest.raises(Exception, match="audit_events"):
            await service.end(user.id, CALLER)

    assert await digests(pg, user) == [digest(secret)]
