"""What administrators do happens whole, with its event, or not at all."""

import asyncpg
import pytest

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.model import Role
from contactsvc.platform.errors import Conflict, LastAdmin, NotFound
from tests.support.services import (
    CALLER,
    EMAIL,
    USERS,
    Log,
    WakeCounter,
    asked_for,
    ignore,
    is_alive,
    session_of,
    sign_in,
    table_away,
)

ROOT = 999
"""The id of the administrator who does it."""


@pytest.fixture
def administration(orm: None) -> Administration:
    sessions, app_passwords = SessionRepository(3600, ignore, 90000), AppPasswordRepository(ignore)
    return Administration(USERS, sessions, app_passwords)


@pytest.fixture
async def ruth(orm: None) -> int:
    """The id of an administrator."""
    user_id = await USERS.create("ruth@example.com", "a hash", "Ruth")
    await USERS.set_access(user_id, role=Role.ADMIN)
    return user_id


async def test_another_role_is_told(
    administration: Administration, grace_id: int, log: Log
) -> None:
    changed = await administration.update(grace_id, Role.ADMIN, None, CALLER, ROOT)
    assert changed == await USERS.get(grace_id)
    assert changed.role is Role.ADMIN
    assert await log.last() == (Event.PRIVILEGE_CHANGE, grace_id, ROOT, {"role": "admin"})


async def test_a_change_that_cannot_be_told_is_not_made(
    administration: Administration, grace_id: int, pg: asyncpg.Connection, session_service: Sessions
) -> None:
    pair = await sign_in(session_service)
    before = await USERS.get(grace_id)
    async with table_away(pg, "audit_events"):
        for change in (
            administration.update(grace_id, Role.ADMIN, None, CALLER, ROOT),
            administration.update(grace_id, None, False, CALLER, ROOT),
            administration.end_sessions(grace_id, CALLER),
            administration.start_reset(grace_id, CALLER, ROOT),
        ):
            with pytest.raises(Exception, match="audit_events"):
                await change
    assert await USERS.get(grace_id) == before
    assert await is_alive(pair)
    assert await asked_for(pg) == []


async def test_disabling_ends_sessions_and_enabling_does_not(
    administration: Administration, grace_id: int, log: Log, session_service: Sessions
) -> None:
    pair = await sign_in(session_service)
    assert not (await administration.update(grace_id, None, False, CALLER, ROOT)).is_active
    assert not await is_alive(pair)
    assert await log.last() == (Event.USER_UPDATED, grace_id, ROOT, {"is_active": False})

    assert (await administration.update(grace_id, None, True, CALLER, ROOT)).is_active
    assert await log.last() == (Event.USER_UPDATED, grace_id, ROOT, {"is_active": True})
    pair = await sign_in(session_service)
    await administration.update(grace_id, None, True, CALLER, ROOT)
    assert await is_alive(pair)


async def test_what_is_so_already_is_no_change(
    administration: Administration, grace_id: int, log: Log
) -> None:
    before = await USERS.get(grace_id)
    assert await administration.update(grace_id, Role.USER, True, CALLER, ROOT) == before
    assert await administration.update(grace_id, None, None, CALLER, ROOT) == before
    assert await USERS.get(grace_id) == before
    assert await log.rows() == []


async def test_two_changes_are_told_as_two(
    administration: Administration, grace_id: int, ruth: int, log: Log
) -> None:
    changed = await administration.update(grace_id, Role.ADMIN, False, CALLER, ROOT)
    assert (changed.role, changed.is_active) == (Role.ADMIN, False)
    told = [(row["event"], row["data"]) for row in await log.rows()]
    assert told == [
        (Event.PRIVILEGE_CHANGE, {"role": "admin"}),
        (Event.USER_UPDATED, {"is_active": False}),
    ]


async def test_of_two_changes_none_is_made_where_one_is_refused(
    administration: Administration, grace_id: int, log: Log
) -> None:
    """Grace would be the only administrator, and disabled."""
    before = await USERS.get(grace_id)
    with pytest.raises(LastAdmin):
        await administration.update(grace_id, Role.ADMIN, False, CALLER, ROOT)
    assert await USERS.get(grace_id) == before
    assert await log.rows() == []


async def test_confirming_without_a_mail_is_told(
    administration: Administration, orm: None, log: Log
) -> None:
    user_id = await USERS.create(EMAIL, "a hash", "Grace")
    await administration.confirm(EMAIL.upper(), CALLER)
    assert (await USERS.get(user_id)).confirmed
    assert await log.last() == (Event.USER_CONFIRMED, user_id, None, {})


async def test_ending_sessions_names_them(
    administration: Administration, grace_id: int, log: Log, session_service: Sessions
) -> None:
    pairs = [await sign_in(session_service) for _ in range(2)]
    await administration.end_sessions(grace_id, CALLER, ROOT)
    assert [await is_alive(pair) for pair in pairs] == [False, False]
    ended = sorted(map(session_of, pairs))
    assert await log.last() == (Event.TOKEN_REVOKED, grace_id, ROOT, {"session_ids": ended})


async def test_a_reset_is_asked_for_and_told(
    administration: Administration,
    grace_id: int,
    log: Log,
    wakes: WakeCounter,
    pg: asyncpg.Connection,
) -> None:
    await administration.start_reset(grace_id, CALLER, ROOT)
    assert await asked_for(pg) == [("reset_password", EMAIL, "pending")]
    assert await log.last() == (Event.USER_UPDATED, grace_id, ROOT, {"asked": "reset"})
    assert wakes.calls == 1


async def test_nothing_is_done_to_nobody(
    administration: Administration,
    grace_id: int,
    log: Log,
    wakes: WakeCounter,
    pg: asyncpg.Connection,
) -> None:
    nobody = grace_id + 1
    for change in (
        administration.update(nobody, Role.ADMIN, None, CALLER, ROOT),
        administration.update(nobody, None, False, CALLER, ROOT),
        administration.update(nobody, None, None, CALLER, ROOT),
        administration.confirm("nobody@example.com", CALLER),
        administration.confirm(EMAIL, CALLER, 1),
        administration.end_sessions(nobody, CALLER),
        administration.start_reset(nobody, CALLER, ROOT),
        administration.retry_mail(1),
    ):
        with pytest.raises(NotFound):
            await change
    assert await log.rows() == []
    assert await asked_for(pg) == []
    assert wakes.calls == 0


async def test_a_mail_that_was_given_up_is_tried_again_at_once(
    administration: Administration, grace_id: int, wakes: WakeCounter, pg: asyncpg.Connection
) -> None:
    await administration.start_reset(grace_id, CALLER, ROOT)
    await pg.execute("UPDATE outbox SET status = 'dead', attempts = 8")
    await administration.retry_mail(1)
    assert await asked_for(pg) == [("reset_password", EMAIL, "pending")]
    assert wakes.calls == 2
    with pytest.raises(Conflict):
        await administration.retry_mail(1)
    assert wakes.calls == 2
