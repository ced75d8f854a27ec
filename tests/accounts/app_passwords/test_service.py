"""What else happens while an app password is made or revoked."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.app_passwords.service import MAX_APP_PASSWORDS, AppPasswords
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.errors import Conflict, NotFound, Unauthenticated
from tests.support.app_passwords import add_app_password
from tests.support.services import CALLER, USERS, Log, asked_for, ignore, table_away


@pytest.fixture
def service(orm: None) -> AppPasswords:
    return AppPasswords(USERS, AppPasswordRepository(ignore))


@pytest.fixture
async def user(orm: None, owner: int) -> CurrentUser:
    return await USERS.get(owner)


async def make(service: AppPasswords, user: CurrentUser) -> int:
    scope = AppPasswordScope.WRITE
    _, row = await service.create(user, "x", scope, None, CALLER, actor_id=user.id)
    return row["id"]


async def test_none_is_made_by_access_that_has_changed(
    service: AppPasswords, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    """Such as by who stays signed in for a moment while the password is being changed."""
    await USERS.set_password(user.id, "another hash")

    with pytest.raises(Unauthenticated):
        await make(service, user)

    assert await pg.fetchval("SELECT count(*) FROM app_passwords") == 0


async def test_many_at_once_are_not_one_too_many(
    service: AppPasswords, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    for _ in range(MAX_APP_PASSWORDS - 2):
        await add_app_password(pg, user.id)

    made = await asyncio.gather(*(make(service, user) for _ in range(6)), return_exceptions=True)

    assert [type(each) for each in made if not isinstance(each, int)] == [Conflict] * 4
    assert await pg.fetchval("SELECT count(*) FROM app_passwords") == MAX_APP_PASSWORDS


async def test_it_is_made_with_its_event_and_its_mail_or_not_at_all(
    service: AppPasswords, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    for table in ("audit_events", "outbox"):
        async with table_away(pg, table):
            with pytest.raises(Exception, match=table):
                await make(service, user)
    assert await pg.fetchval("SELECT count(*) FROM app_passwords") == 0

    await make(service, user)
    assert [kind for kind, *_ in await asked_for(pg)] == ["app_password_created"]


async def test_who_did_it_is_noted(
    service: AppPasswords, user: CurrentUser, pg: asyncpg.Connection
) -> None:
    log = Log(pg)
    password_id = await make(service, user)
    data = {"app_password_id": password_id, "scope": "write"}
    assert await log.last() == ("authn_token_created", user.id, user.id, data)

    await service.revoke(user.id, password_id, CALLER, actor_id=None)
    data_of_end = {"app_password_ids": [password_id]}
    assert await log.last() == ("authn_token_revoked", user.id, None, data_of_end)

    with pytest.raises(NotFound):
        await service.revoke(user.id, password_id, CALLER, actor_id=None)
